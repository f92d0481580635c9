//! The clock is set back, as by an operator or a time server: tokens then come from the future.
//! Nobody is signed out by it.

use monban_auth::{AccessError, Channel, EndReason, TokenError};

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
