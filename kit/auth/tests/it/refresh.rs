//! Renewing the pair: the verdict as it comes out through the row.

use monban_auth::{
    AccessError, Channel, EndReason, Generation, RefreshError, TokenError, TokenPair,
};
use serde_json::json;

use crate::{
    forge::{Forge, claims_of},
    stage::{MINUTE, PASSWORD, SECOND, Stage, entry, here, rules},
};

#[tokio::test]
async fn a_refresh_moves_the_session_one_generation_on() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    assert_eq!(generations([&first, &second]), [1, 2]);
    assert_eq!(second.claims.sid, first.claims.sid);
    assert_ne!(second.claims.jti, first.claims.jti);
}

#[tokio::test]
async fn the_previous_token_gets_the_current_generation_again_within_the_window() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    stage.visit(&second).await;
    stage.pass(29 * SECOND);
    let again = stage.refresh(&first).await.unwrap();
    assert_eq!(again.claims.generation, second.claims.generation);
    for pair in [&second, &again] {
        stage.visit(pair).await;
    }
    let third = stage.refresh(&again).await.unwrap();
    assert_eq!(generations([&third]), [3]);
}

#[tokio::test]
async fn the_previous_token_is_a_replay_once_the_window_is_over_and_the_current_was_used() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    stage.visit(&second).await;
    stage.pass(30 * SECOND);
    assert_eq!(stage.ended(&first.refresh).await, EndReason::Reused);
}

#[tokio::test]
async fn a_lost_reply_is_forgiven_until_the_cap() {
    for (waited, forgiven) in [
        ((10 * MINUTE).checked_sub(SECOND).unwrap(), true),
        (10 * MINUTE, false),
    ] {
        let stage = Stage::new().await;
        let first = stage.member("ann@example.com").await;
        let lost = stage.refresh(&first).await.unwrap();
        stage.pass(waited);
        match stage.refresh(&first).await {
            Ok(again) => {
                assert!(forgiven);
                assert_eq!(again.claims.generation, lost.claims.generation);
                stage.visit(&again).await;
            }
            Err(error) => {
                assert!(!forgiven);
                assert!(
                    matches!(error, RefreshError::Ended(EndReason::Reused)),
                    "{error}"
                );
            }
        }
    }
}

#[tokio::test]
async fn tabs_that_wake_together_after_a_lost_reply_all_stay_in() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    stage.refresh(&first).await.unwrap();
    stage.pass(5 * MINUTE);
    let mended = stage.refresh(&first).await.unwrap();
    stage.visit(&mended).await;
    for _ in 0..4 {
        stage.pass(SECOND);
        let late = stage.refresh(&first).await.unwrap();
        assert_eq!(late.claims.generation, mended.claims.generation);
    }
}

#[tokio::test]
async fn a_window_of_zero_forgives_a_lost_reply_and_nothing_else() {
    let mut strict = rules();
    strict.grace.window = std::time::Duration::ZERO;
    let stage = Stage::with(strict).await;

    let first = stage.member("ann@example.com").await;
    stage.refresh(&first).await.unwrap();
    stage.pass(MINUTE);
    let second = stage.refresh(&first).await.unwrap();
    assert_eq!(generations([&second]), [2]);

    stage.visit(&second).await;
    assert_eq!(stage.ended(&first.refresh).await, EndReason::Reused);
}

#[tokio::test]
async fn anything_older_than_the_previous_one_is_a_replay_at_once() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    stage.refresh(&second).await.unwrap();
    assert_eq!(stage.ended(&first.refresh).await, EndReason::Reused);
}

#[tokio::test]
async fn a_replay_ends_that_session_only_and_says_so_in_the_audit() {
    let stage = Stage::new().await;
    let stolen = stage.member("ann@example.com").await;
    let elsewhere = stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    let someone = stage.member("bob@example.com").await;
    let second = stage.refresh(&stolen).await.unwrap();
    stage.visit(&second).await;
    stage.pass(MINUTE);

    assert_eq!(stage.ended(&stolen.refresh).await, EndReason::Reused);
    assert_eq!(
        stage.auth.check_access(second.access.expose()).await,
        Err(AccessError::Ended(EndReason::Reused))
    );
    assert_eq!(stage.ended(&second.refresh).await, EndReason::Reused);
    assert_eq!(
        stage.audit(second.claims.sid).await,
        [entry("signed_in", ""), entry("session_ended", "reused")]
    );
    for untouched in [&elsewhere, &someone] {
        stage.visit(untouched).await;
        stage.refresh(untouched).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refreshes_at_once_make_one_generation() {
    let stage = std::sync::Arc::new(Stage::new().await);
    let first = stage.member("ann@example.com").await;
    let racing: Vec<_> = (0..50)
        .map(|_| {
            let (stage, first) = (stage.clone(), first.clone());
            tokio::spawn(async move { stage.refresh(&first).await })
        })
        .collect();
    for racer in racing {
        let pair = racer.await.unwrap().unwrap();
        assert_eq!(generations([&pair]), [2]);
        stage.visit(&pair).await;
    }
    assert_eq!(stage.count("SELECT generation FROM sessions").await, 2);
}

#[tokio::test]
async fn a_token_newer_than_the_row_is_honoured_because_the_row_lost_a_write() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    stage.sql("UPDATE sessions SET generation = 1").await;
    let third = stage.refresh(&second).await.unwrap();
    assert_eq!(generations([&third]), [3]);
}

#[tokio::test]
async fn a_session_that_is_not_there_is_said_to_be_unknown() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.sql("DELETE FROM sessions").await;
    assert_eq!(stage.ended(&pair.refresh).await, EndReason::Unknown);
}

#[tokio::test]
async fn a_token_that_names_somebody_elses_session_renews_and_ends_nothing() {
    let stage = Stage::new().await;
    let ann = stage.member("ann@example.com").await;
    let bob = stage.member("bob@example.com").await;
    let mut claims = claims_of(ann.refresh.expose());
    claims["sid"] = json!(bob.claims.sid.to_string());
    claims["gen"] = json!(0);
    let mixed = Forge::read(&stage.data()).await.refresh(&claims);
    assert_eq!(stage.ended(&mixed).await, EndReason::Unknown);
    stage.auth.sign_out(&mixed).await.unwrap();
    stage.refresh(&bob).await.unwrap();
}

#[tokio::test]
async fn an_access_token_renews_nothing_and_a_refresh_token_opens_nothing() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let presented = monban_auth::RefreshToken::new(pair.access.expose());
    assert!(matches!(
        stage
            .auth
            .refresh(&presented, Channel::Cookies, &here())
            .await,
        Err(RefreshError::Token(TokenError::WrongTyp))
    ));
    assert_eq!(
        stage.auth.check_access(pair.refresh.expose()).await,
        Err(AccessError::Token(TokenError::WrongTyp))
    );
}

fn generations<const N: usize>(pairs: [&TokenPair; N]) -> [i64; N] {
    pairs.map(|pair| Generation::get(pair.claims.generation))
}
