//! The scenario of each flow. `learn/src/flows` explains the same step by step.

use serde_json::json;

use super::{
    SandboxError,
    client::{PreparedRequest, SandboxClient},
    recorder::{PASSWORD, Recorder},
};
use crate::{
    sandbox::{FlowName, Participant},
    server::forgery::with_other_signature,
};

/// Runs that flow.
pub async fn run(flow: FlowName, recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    match flow {
        FlowName::SignUp => sign_up(recorder).await,
        FlowName::SignIn => sign_in(recorder).await,
        FlowName::CallApi => call_api(recorder).await,
        FlowName::Refresh => refresh(recorder).await,
        FlowName::SignOut => sign_out(recorder).await,
        FlowName::Theft => theft(recorder).await,
        FlowName::RacingTabs => racing_tabs(recorder).await,
        FlowName::KeyRotation => key_rotation(recorder).await,
    }
}

async fn sign_up(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = SandboxClient::new(Participant::Browser);
    let request = browser.call("sign_up", &recorder.sign_up_form());
    recorder.record(&mut browser, request).await?;
    let request = browser.navigate("/account");
    recorder.record(&mut browser, request).await
}

async fn sign_in(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    recorder.signed_up_browser().await?;
    let mut browser = SandboxClient::new(Participant::Browser);
    for password in ["not the password", PASSWORD] {
        let request = sign_in_with(&browser, recorder, password);
        recorder.record(&mut browser, request).await?;
    }
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await
}

async fn call_api(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    recorder.signed_up_browser().await?;
    let mut app = SandboxClient::new(Participant::App);
    let credentials =
        json!({ "email": recorder.email, "password": PASSWORD, "device_name": "Ann's phone" });
    let request = app.post_json("/sessions", &credentials);
    recorder.record(&mut app, request).await?;

    let token = app
        .access_token()
        .ok_or(SandboxError::Missing("access token"))?;
    let altered = with_other_signature(token);
    let request = app.get_with_token("/session", token);
    recorder.record(&mut app, request).await?;
    let request = app.get_with_token("/session", &altered);
    recorder.record(&mut app, request).await?;

    let mut service = SandboxClient::new(Participant::Service);
    let request = service.get("/.well-known/jwks.json");
    recorder.record(&mut service, request).await
}

async fn refresh(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    expire_access_token(recorder);
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await?;
    let request = browser.call("refresh", &[]);
    recorder.record(&mut browser, request).await?;
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await?;
    expire_access_token(recorder);
    let request = browser.navigate("/account");
    recorder.record(&mut browser, request).await
}

async fn sign_out(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    let mut attacker = browser.copy_as(Participant::Attacker);
    let request = browser.call("sign_out", &[]);
    recorder.record(&mut browser, request).await?;
    let request = attacker.ask("who_am_i");
    recorder.record(&mut attacker, request).await
}

async fn theft(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = replay_after_window(recorder).await?;
    let request = sign_in_with(&browser, recorder, PASSWORD);
    recorder.record(&mut browser, request).await
}

/// A copied refresh token comes back once the owner has used its successor and the window is over.
/// Returns the owner's browser.
pub(super) async fn replay_after_window(
    recorder: &mut Recorder<'_>,
) -> Result<SandboxClient, SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    let mut attacker = browser.copy_as(Participant::Attacker);
    expire_access_token(recorder);
    let request = browser.call("refresh", &[]);
    recorder.record(&mut browser, request).await?;
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await?;

    recorder.wait(recorder.instance.settings().sessions.refresh_window);
    let request = attacker.call("refresh", &[]);
    recorder.record(&mut attacker, request).await?;
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await?;
    Ok(browser)
}

async fn racing_tabs(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let mut browser = recorder.signed_up_browser().await?;
    let mut other = browser.copy_as(Participant::OtherTab);
    expire_access_token(recorder);
    let (one, two) = (browser.call("refresh", &[]), other.call("refresh", &[]));
    recorder
        .record_race((&mut browser, one), (&mut other, two))
        .await?;
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await?;
    let request = other.ask("who_am_i");
    recorder.record(&mut other, request).await
}

async fn key_rotation(recorder: &mut Recorder<'_>) -> Result<(), SandboxError> {
    let (published, access_ttl) = {
        let settings = recorder.instance.settings();
        let published = settings.sessions.revocation_staleness + settings.keys.jwks_max_age;
        (published, settings.sessions.access_ttl)
    };
    recorder.signed_up_browser().await?;
    let mut service = SandboxClient::new(Participant::Service);
    let request = service.get("/.well-known/jwks.json");
    recorder.record(&mut service, request).await?;
    let kid = recorder
        .instance
        .auth
        .keys()
        .rotate(false, monban_auth::Actor::Cli)
        .await?;
    recorder.record_command("$ monban keys rotate", &kid);
    let request = service.get("/.well-known/jwks.json");
    recorder.record(&mut service, request).await?;

    // The last token of the old key: it lives on while the new key signs.
    recorder.wait(published.saturating_sub(access_ttl / 2));
    let mut browser = SandboxClient::new(Participant::Browser);
    let request = sign_in_with(&browser, recorder, PASSWORD);
    recorder.record(&mut browser, request).await?;
    recorder.wait(access_ttl / 2);
    let request = browser.ask("who_am_i");
    recorder.record(&mut browser, request).await?;
    recorder.wait(access_ttl);
    let request = browser.navigate("/account");
    recorder.record(&mut browser, request).await
}

/// Moves the clock beyond the expiry of the access token.
pub(super) fn expire_access_token(recorder: &mut Recorder<'_>) {
    recorder.wait(recorder.instance.settings().sessions.access_ttl);
}

/// The request that signs in with that password.
pub(super) fn sign_in_with(
    browser: &SandboxClient,
    recorder: &Recorder<'_>,
    password: &str,
) -> PreparedRequest {
    let form = [
        ("email", recorder.email.as_str()),
        ("password", password),
        ("keep", "true"),
    ];
    browser.call("sign_in", &form)
}
