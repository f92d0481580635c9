//! The clock is set back, as by an operator or a time server: tokens then come from the future.
//! Nobody is signed out by it.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use monban_auth::{
    AccessError, Actor, Channel, EndReason, KeyChangeError, KeyState, TokenError, TokenPair,
};

use crate::stage::{DAY, HOUR, MINUTE, SECOND, Stage};

#[tokio::test]
async fn a_session_from_before_is_renewed_after() {
    for back in [30 * SECOND, HOUR, 400 * DAY] {
        for channel in [Channel::Cookies, Channel::Bearer] {
            let stage = Stage::new().await;
            let pair = stage.member_by(channel).await;
            stage.clock.set_back(back);
            let renewed = stage.refresh_by(channel, &pair).await.unwrap();
            assert_eq!(renewed.claims.generation.get(), 2);
            stage.visit_by(channel, &renewed).await;
            // A lost reply, and another turn.
            stage.refresh_by(channel, &pair).await.unwrap();
            stage.pass(5 * MINUTE);
            let renewed = stage.refresh_by(channel, &renewed).await.unwrap();
            stage.visit_by(channel, &renewed).await;
        }
    }
}

#[tokio::test]
async fn an_access_token_from_the_future_asks_for_a_renewal_and_no_more() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.clock.set_back(HOUR);
    assert_eq!(
        stage.auth.check_access(pair.access.expose()).await,
        Err(AccessError::Token(TokenError::NotYetValid))
    );
}

#[tokio::test]
async fn a_token_from_the_future_signs_out_as_well_as_any() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.clock.set_back(HOUR);
    stage.auth.sign_out(&pair.refresh).await.unwrap();
    assert_eq!(stage.ended(&pair.refresh).await, EndReason::SignedOut);
}

/// After this long, the next key is due, also after one that was published for a while before it signed.
const MONTH: Duration = Duration::from_mins(30 * 24 * 60 + 6);

/// The states of the keys, in the order in which they sign.
fn states(stage: &Stage) -> Vec<KeyState> {
    let keys = stage.auth.keys().list();
    keys.iter().map(|key| key.state).collect()
}

/// Which of the keys signed that pair.
fn signed_by(stage: &Stage, pair: &TokenPair) -> Option<usize> {
    let header = pair.access.expose().split('.').next().unwrap();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    let kid = header["kid"].as_str().unwrap();
    let keys = stage.auth.keys().list();
    keys.iter().position(|key| key.kid == kid)
}

#[tokio::test]
async fn keys_that_were_made_in_the_future_sign_soon_and_rotate_in_time() {
    use KeyState::{Published, Signing, Verifying};
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    for _ in 0..2 {
        stage.pass(MONTH);
        stage.auth.run_maintenance().await.unwrap();
    }
    stage.clock.set_back(2 * MONTH);
    assert_eq!(states(&stage), [Signing, Published, Published]);
    let pair = stage.refresh(&pair).await.unwrap();
    assert_eq!(signed_by(&stage, &pair), Some(0));

    // However often it is looked at, no key is added until one is due.
    for _ in 0..10 {
        stage.auth.run_maintenance().await.unwrap();
        stage.pass(MINUTE);
    }
    assert_eq!(states(&stage), [Verifying, Verifying, Signing]);
    let pair = stage.refresh(&pair).await.unwrap();
    assert_eq!(signed_by(&stage, &pair), Some(2));
    stage.pass(29 * DAY);
    stage.auth.run_maintenance().await.unwrap();
    assert_eq!(states(&stage).len(), 3);
    stage.pass(DAY);
    stage.auth.run_maintenance().await.unwrap();
    assert_eq!(states(&stage).last(), Some(&Published));
}

#[tokio::test]
async fn a_first_key_from_the_future_signs_from_the_start() {
    let stage = Stage::new().await;
    stage.clock.set_back(MONTH);
    let pair = stage.member("ann@example.com").await;
    stage.visit(&pair).await;
    assert_eq!(signed_by(&stage, &pair), Some(0));
    stage.auth.run_maintenance().await.unwrap();
    stage.pass(MONTH + HOUR);
    stage.auth.run_maintenance().await.unwrap();
    assert_eq!(states(&stage), [KeyState::Signing, KeyState::Published]);
}

#[tokio::test]
async fn an_operator_who_rotates_at_once_gets_rid_of_the_future_too() {
    let stage = Stage::new().await;
    for _ in 0..2 {
        stage.pass(MONTH);
        stage.auth.run_maintenance().await.unwrap();
    }
    stage.clock.set_back(2 * MONTH);
    let keys = stage.auth.keys();
    let refused = keys.rotate(false, Actor::Cli).await;
    assert!(matches!(refused, Err(KeyChangeError::Waiting(_))));
    let newest = keys.rotate(true, Actor::Cli).await.unwrap();
    assert_eq!(keys.list().last().unwrap().kid, newest);
    assert_eq!(states(&stage).last(), Some(&KeyState::Signing));
    // And can go on.
    stage.pass(SECOND);
    keys.rotate(true, Actor::Cli).await.unwrap();
    assert_eq!(keys.list().len(), 4);
}
