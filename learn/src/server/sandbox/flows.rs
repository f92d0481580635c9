//! What happens in each flow. The pages say the same step by step: `learn/src/flows`.

use serde_json::json;

use super::{
    SandboxError,
    actor::{Actor, Asked},
    stage::{PASSWORD, Stage},
};
use crate::{
    sandbox::{FlowName, Party},
    server::forgery::with_other_signature,
};

pub(super) type Played = Result<(), SandboxError>;

/// Performs that flow.
pub async fn perform(flow: FlowName, stage: &mut Stage<'_>) -> Played {
    match flow {
        FlowName::SignUp => sign_up(stage).await,
        FlowName::SignIn => sign_in(stage).await,
        FlowName::CallApi => call_api(stage).await,
        FlowName::Refresh => refresh(stage).await,
        FlowName::SignOut => sign_out(stage).await,
        FlowName::Theft => theft(stage).await,
        FlowName::RacingTabs => racing_tabs(stage).await,
        FlowName::KeyRotation => key_rotation(stage).await,
    }
}

async fn sign_up(stage: &mut Stage<'_>) -> Played {
    let mut browser = Actor::new(Party::Browser);
    let asked = browser.call("sign_up", &stage.form());
    stage.show(&mut browser, asked).await?;
    let asked = browser.navigate("/account");
    stage.show(&mut browser, asked).await
}

async fn sign_in(stage: &mut Stage<'_>) -> Played {
    stage.member().await?;
    let mut browser = Actor::new(Party::Browser);
    for password in ["not the password", PASSWORD] {
        let asked = sign_in_with(&browser, stage, password);
        stage.show(&mut browser, asked).await?;
    }
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await
}

async fn call_api(stage: &mut Stage<'_>) -> Played {
    stage.member().await?;
    let mut app = Actor::new(Party::App);
    let who = json!({ "email": stage.email, "password": PASSWORD, "device_name": "Ann's phone" });
    let asked = app.post_json("/sessions", &who);
    stage.show(&mut app, asked).await?;

    let token = app.bearer().ok_or(SandboxError::Missing("access token"))?;
    let altered = with_other_signature(token);
    let asked = app.get_as("/session", token);
    stage.show(&mut app, asked).await?;
    let asked = app.get_as("/session", &altered);
    stage.show(&mut app, asked).await?;

    let mut service = Actor::new(Party::Service);
    let asked = service.read("/.well-known/jwks.json");
    stage.show(&mut service, asked).await
}

async fn refresh(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    grow_stale(stage);
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await?;
    let asked = browser.call("refresh", &[]);
    stage.show(&mut browser, asked).await?;
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await?;
    grow_stale(stage);
    let asked = browser.navigate("/account");
    stage.show(&mut browser, asked).await
}

async fn sign_out(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    let mut thief = browser.copy(Party::Thief);
    let asked = browser.call("sign_out", &[]);
    stage.show(&mut browser, asked).await?;
    let asked = thief.ask("who_am_i");
    stage.show(&mut thief, asked).await
}

async fn theft(stage: &mut Stage<'_>) -> Played {
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
    stage.show(&mut browser, asked).await?;
    let asked = sign_in_with(&browser, stage, PASSWORD);
    stage.show(&mut browser, asked).await
}

async fn racing_tabs(stage: &mut Stage<'_>) -> Played {
    let mut browser = stage.member().await?;
    let mut other = browser.copy(Party::OtherTab);
    grow_stale(stage);
    let (one, two) = (browser.call("refresh", &[]), other.call("refresh", &[]));
    stage
        .show_race((&mut browser, one), (&mut other, two))
        .await?;
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await?;
    let asked = other.ask("who_am_i");
    stage.show(&mut other, asked).await
}

async fn key_rotation(stage: &mut Stage<'_>) -> Played {
    let (published, access_ttl) = {
        let settings = stage.world.settings();
        let published = settings.sessions.revocation_staleness + settings.keys.jwks_max_age;
        (published, settings.sessions.access_ttl)
    };
    stage.member().await?;
    let mut service = Actor::new(Party::Service);
    let asked = service.read("/.well-known/jwks.json");
    stage.show(&mut service, asked).await?;
    let kid = stage
        .world
        .auth
        .rotate_keys(false, monban_auth::Actor::Cli)
        .await?;
    stage.show_command("$ monban keys rotate", &kid);
    let asked = service.read("/.well-known/jwks.json");
    stage.show(&mut service, asked).await?;

    // The last token of the old key: it lives on while the new key signs.
    stage.wait(published.saturating_sub(access_ttl / 2));
    let mut browser = Actor::new(Party::Browser);
    let asked = sign_in_with(&browser, stage, PASSWORD);
    stage.show(&mut browser, asked).await?;
    stage.wait(access_ttl / 2);
    let asked = browser.ask("who_am_i");
    stage.show(&mut browser, asked).await?;
    stage.wait(access_ttl);
    let asked = browser.navigate("/account");
    stage.show(&mut browser, asked).await
}

/// Lets the access token's time pass.
pub(super) fn grow_stale(stage: &mut Stage<'_>) {
    stage.wait(stage.world.settings().sessions.access_ttl);
}

pub(super) fn sign_in_with(browser: &Actor, stage: &Stage<'_>, password: &str) -> Asked {
    let form = [
        ("email", stage.email.as_str()),
        ("password", password),
        ("keep", "true"),
    ];
    browser.call("sign_in", &form)
}
