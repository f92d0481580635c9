//! Tokens that must be refused, each for its own reason, and the few that must not.

use monban_auth::{
    AccessError, Channel, RefreshError, RefreshToken, TokenError, TokenKind, TokenPair,
};
use serde_json::json;

use crate::{
    forge::{Forge, claims_of},
    stage::{Stage, here},
};

#[tokio::test]
async fn every_bad_access_token_is_refused_for_its_reason() {
    let (stage, forge, pair) = scene().await;
    for bad in forge.bad_tokens(TokenKind::Access, pair.access.expose()) {
        let refused = stage.auth.check_access(&bad.token).await;
        assert_eq!(refused, Err(AccessError::Token(bad.error)), "{}", bad.what);
        // What was refused once is not remembered as good.
        assert!(
            stage.auth.check_access(&bad.token).await.is_err(),
            "{}",
            bad.what
        );
    }
    stage.visit(&pair).await;
}

#[tokio::test]
async fn every_bad_refresh_token_is_refused_for_its_reason_and_ends_nothing() {
    let (stage, forge, pair) = scene().await;
    for bad in forge.bad_tokens(TokenKind::Refresh, pair.refresh.expose()) {
        let token = RefreshToken::new(bad.token);
        match stage.auth.refresh(&token, Channel::Cookies, &here()).await {
            Err(RefreshError::Token(error)) => assert_eq!(error, bad.error, "{}", bad.what),
            Err(RefreshError::Ended(_)) => {
                assert_eq!(bad.error, TokenError::Expired, "{}", bad.what);
            }
            other => panic!("{}: {other:?}", bad.what),
        }
        // A genuine token is enough to sign out, however old it is.
        if bad.error != TokenError::Expired {
            stage.auth.sign_out(&token).await.unwrap();
        }
    }
    stage.visit(&pair).await;
    assert_eq!(
        stage.refresh(&pair).await.unwrap().claims.generation.get(),
        2
    );
}

#[tokio::test]
async fn no_part_of_a_token_is_a_token() {
    let (stage, _, pair) = scene().await;
    let good = pair.access.expose();
    for end in 0..good.len() {
        assert!(
            stage.auth.check_access(&good[..end]).await.is_err(),
            "the first {end}"
        );
    }
    for start in 1..good.len() {
        assert!(
            stage.auth.check_access(&good[start..]).await.is_err(),
            "from {start}"
        );
    }
}

#[tokio::test]
async fn a_token_with_any_one_character_changed_is_no_token() {
    let (stage, _, pair) = scene().await;
    stage.visit(&pair).await;
    let good = pair.access.expose();
    for (index, character) in good.char_indices() {
        for other in ["A", "b", "_", ".", "="] {
            if other.starts_with(character) {
                continue;
            }
            let changed = format!("{}{other}{}", &good[..index], &good[index + 1..]);
            assert!(
                stage.auth.check_access(&changed).await.is_err(),
                "{other} at {index}"
            );
        }
    }
}

#[tokio::test]
async fn what_the_key_signs_as_it_should_be_is_accepted() {
    let (stage, forge, pair) = scene().await;
    let claims = claims_of(pair.access.expose());
    stage
        .auth
        .check_access(forge.access(&claims).expose())
        .await
        .unwrap();
    let claims = claims_of(pair.refresh.expose());
    stage
        .auth
        .refresh(&forge.refresh(&claims), Channel::Cookies, &here())
        .await
        .unwrap();
}

#[tokio::test]
async fn two_nodes_clocks_may_differ_by_a_minute() {
    let (stage, forge, pair) = scene().await;
    let mut claims = claims_of(pair.access.expose());
    let now = stage.now().as_seconds();
    claims["iat"] = json!(now + 60);
    stage
        .auth
        .check_access(forge.access(&claims).expose())
        .await
        .unwrap();
    claims["iat"] = json!(now + 61);
    assert_eq!(
        stage
            .auth
            .check_access(forge.access(&claims).expose())
            .await,
        Err(AccessError::Token(TokenError::NotYetValid))
    );
}

async fn scene() -> (Stage, Forge, TokenPair) {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let forge = Forge::read(&stage.data()).await;
    (stage, forge, pair)
}
