//! Two channels, cookies and Bearer: the same rules, and neither's tokens work in the other.

use monban_auth::{
    AccessError, Channel, EndReason, Persistence, RefreshError, TokenError, TokenPair,
};

use crate::stage::{DAY, HOUR, MINUTE, PASSWORD, SECOND, Stage};

const WRONG: TokenError = TokenError::WrongAudience;

#[tokio::test]
async fn an_access_token_is_good_in_its_own_channel_only() {
    let stage = Stage::new().await;
    let (cookie, bearer) = one_of_each(&stage).await;
    // Twice: once verified, once remembered.
    for _ in 0..2 {
        assert!(
            stage
                .auth
                .check_access(cookie.access.expose())
                .await
                .is_ok()
        );
        assert!(
            stage
                .auth
                .check_bearer_access(bearer.access.expose())
                .await
                .is_ok()
        );
        assert_eq!(
            stage.auth.check_access(bearer.access.expose()).await,
            Err(AccessError::Token(WRONG))
        );
        assert_eq!(
            stage.auth.check_bearer_access(cookie.access.expose()).await,
            Err(AccessError::Token(WRONG))
        );
    }
}

#[tokio::test]
async fn a_refresh_token_of_the_other_channel_is_refused_and_ends_nothing() {
    let stage = Stage::new().await;
    let (cookie, bearer) = one_of_each(&stage).await;
    for (pair, wrong, right) in [
        (cookie, Channel::Bearer, Channel::Cookies),
        (bearer, Channel::Cookies, Channel::Bearer),
    ] {
        let new = stage.refresh_by(right, &pair).await.unwrap();
        let newest = stage.refresh_by(right, &new).await.unwrap();
        // A superseded one, too, which would be a replay in its own channel.
        for presented in [&pair, &new, &newest] {
            assert!(matches!(
                stage.refresh_by(wrong, presented).await,
                Err(RefreshError::Token(WRONG))
            ));
        }
        let after = stage.refresh_by(right, &newest).await.unwrap();
        assert_eq!(after.claims.generation.get(), 4);
    }
}

#[tokio::test]
async fn a_bearer_refresh_token_in_a_cookie_signs_nobody_out() {
    let stage = Stage::new().await;
    let (_, bearer) = one_of_each(&stage).await;
    stage.auth.sign_out(&bearer.refresh).await.unwrap();
    stage.auth.replace(&bearer.refresh).await.unwrap();
    assert!(
        stage
            .auth
            .check_bearer_access(bearer.access.expose())
            .await
            .is_ok()
    );
    stage.refresh_by(Channel::Bearer, &bearer).await.unwrap();
}

#[tokio::test]
async fn a_lost_reply_is_mended_for_a_day_on_bearer_and_for_ten_minutes_in_cookies() {
    for (channel, cap) in [
        (Channel::Cookies, 10 * MINUTE),
        (Channel::Bearer, 24 * HOUR),
    ] {
        for (after, mended) in [(cap.saturating_sub(SECOND), true), (cap, false)] {
            let stage = Stage::new().await;
            let (cookie, bearer) = one_of_each(&stage).await;
            let pair = match channel {
                Channel::Cookies => cookie,
                Channel::Bearer => bearer,
            };
            stage.refresh_by(channel, &pair).await.unwrap();
            stage.pass(after);
            match stage.refresh_by(channel, &pair).await {
                Ok(pair) => assert!(mended && pair.claims.generation.get() == 2, "{channel:?}"),
                Err(RefreshError::Ended(EndReason::Reused)) => assert!(!mended, "{channel:?}"),
                other => panic!("{channel:?}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_bearer_session_idles_as_long_as_a_kept_one() {
    let stage = Stage::new().await;
    let (_, bearer) = one_of_each(&stage).await;
    assert_eq!(bearer.refresh_expires_in, 30 * DAY);
    stage.pass(29 * DAY);
    let bearer = stage.refresh_by(Channel::Bearer, &bearer).await.unwrap();
    assert_eq!(bearer.refresh_expires_in, 30 * DAY);
    assert_eq!(bearer.session.persistence, Persistence::Bearer);
}

#[tokio::test]
async fn a_replay_on_bearer_ends_that_session_only() {
    let stage = Stage::new().await;
    let (cookie, first) = one_of_each(&stage).await;
    let second = stage.refresh_by(Channel::Bearer, &first).await.unwrap();
    stage.refresh_by(Channel::Bearer, &second).await.unwrap();
    assert!(matches!(
        stage.refresh_by(Channel::Bearer, &first).await,
        Err(RefreshError::Ended(EndReason::Reused))
    ));
    assert_eq!(
        stage.auth.check_bearer_access(second.access.expose()).await,
        Err(AccessError::Ended(EndReason::Reused))
    );
    stage.refresh(&cookie).await.unwrap();
}

/// The same person in a browser and in an app.
async fn one_of_each(stage: &Stage) -> (TokenPair, TokenPair) {
    let cookie = stage.member("ann@example.com").await;
    let bearer = stage
        .sign_in_for("ann@example.com", PASSWORD, Persistence::Bearer)
        .await
        .unwrap();
    (cookie, bearer)
}
