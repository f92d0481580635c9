//! How long things live.

use monban_auth::{AccessError, EndReason, Persistence, TokenError};

use crate::stage::{DAY, HOUR, MINUTE, PASSWORD, SECOND, Stage, rules};

#[tokio::test]
async fn a_kept_session_lives_thirty_days_after_its_last_refresh() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    assert_eq!(pair.refresh_expires_in, 30 * DAY);
    stage.pass((30 * DAY).checked_sub(SECOND).unwrap());
    let pair = stage.refresh(&pair).await.unwrap();
    stage.pass(30 * DAY);
    assert_eq!(stage.ended(&pair.refresh).await, EndReason::Idle);
}

#[tokio::test]
async fn a_browser_session_lives_twelve_hours_after_its_last_refresh() {
    let stage = Stage::new().await;
    stage.member("ann@example.com").await;
    let pair = stage
        .sign_in_for("ann@example.com", PASSWORD, Persistence::Browser)
        .await
        .unwrap();
    assert_eq!(
        (pair.session.persistence, pair.refresh_expires_in),
        (Persistence::Browser, 12 * HOUR)
    );
    stage.pass((12 * HOUR).checked_sub(SECOND).unwrap());
    let pair = stage.refresh(&pair).await.unwrap();
    assert_eq!(
        (pair.session.persistence, pair.refresh_expires_in),
        (Persistence::Browser, 12 * HOUR)
    );
    stage.pass(12 * HOUR);
    assert_eq!(stage.ended(&pair.refresh).await, EndReason::Idle);
}

#[tokio::test]
async fn no_session_outlives_ninety_days_however_much_it_is_used() {
    let stage = Stage::new().await;
    let mut pair = stage.member("ann@example.com").await;
    for _ in 0..89 {
        stage.pass(DAY);
        pair = stage.refresh(&pair).await.unwrap();
    }
    assert_eq!(pair.refresh_expires_in, DAY);
    stage.pass(DAY);
    assert_eq!(stage.ended(&pair.refresh).await, EndReason::Expired);
}

#[tokio::test]
async fn an_access_token_lives_five_minutes_and_never_longer_than_its_session() {
    let mut short = rules();
    short.lifetimes.absolute = 7 * MINUTE;
    let stage = Stage::with(short).await;
    let pair = stage.member("ann@example.com").await;
    assert_eq!(pair.access_expires_in, 5 * MINUTE);
    stage.pass(5 * MINUTE);
    assert_eq!(
        stage.auth.check_access(pair.access.expose()).await,
        Err(AccessError::Token(TokenError::Expired))
    );
    let pair = stage.refresh(&pair).await.unwrap();
    assert_eq!(pair.access_expires_in, 2 * MINUTE);
}

#[tokio::test]
async fn signing_in_anew_starts_a_new_absolute_life() {
    let stage = Stage::new().await;
    stage.member("ann@example.com").await;
    stage.pass(89 * DAY);
    let pair = stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    stage.pass(2 * DAY);
    stage.refresh(&pair).await.unwrap();
}

#[tokio::test]
async fn an_old_token_that_expired_ends_nothing() {
    let stage = Stage::new().await;
    let old = stage.member("ann@example.com").await;
    stage.pass(DAY);
    let new = stage.refresh(&old).await.unwrap();
    stage.visit(&new).await;
    stage.pass(29 * DAY);
    assert_eq!(stage.ended(&old.refresh).await, EndReason::Idle);
    stage.refresh(&new).await.unwrap();
}

#[tokio::test]
async fn a_session_that_was_ended_says_why_even_after_its_time() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let asker = stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    stage
        .auth
        .sessions()
        .end_others(&asker.claims)
        .await
        .unwrap();
    stage.pass(31 * DAY);
    assert_eq!(stage.ended(&pair.refresh).await, EndReason::Revoked);
}

#[tokio::test]
async fn a_session_in_use_never_ends_by_idleness() {
    let mut short = rules();
    short.lifetimes.access = 2 * SECOND;
    short.lifetimes.idle_kept = 2 * SECOND;
    short.lifetimes.idle_browser = 2 * SECOND;
    let stage = Stage::with(short).await;
    let mut pair = stage.member("ann@example.com").await;
    for _ in 0..40 {
        stage.pass(SECOND / 2);
        // As a browser does: an access token that is over is renewed, and the refresh token is sent
        // for as long as its cookie is there.
        if stage.auth.check_access(pair.access.expose()).await.is_err() {
            assert!(pair.session.refresh_expires_at() > stage.now());
            pair = stage.refresh(&pair).await.unwrap();
            stage.visit(&pair).await;
        }
    }
    stage.pass(2 * SECOND);
    assert_eq!(stage.ended(&pair.refresh).await, EndReason::Idle);
}
