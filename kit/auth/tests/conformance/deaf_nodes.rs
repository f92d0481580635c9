//! Nodes that hear nothing of one another: what they ask the database for, and when.

use std::{sync::Arc, time::Duration};

use monban_auth::{
    AccessError, Actor, Auth, Channel, Email, EndReason, Name, Password, RefreshError, SignUp,
    SystemClock, TokenError, TokenPair,
};

use crate::{
    engine,
    nodes::{PASSWORD, account_system, here, two},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_hears_nothing_believes_no_retired_key_for_long() {
    let (one, other) = two().await;
    let pair = one.sign_up().await;
    let first = one.auth.keys().list()[0].kid.clone();
    other.check(&pair).await.unwrap();
    other.following.abort();
    one.auth.keys().rotate(true, Actor::Cli).await.unwrap();
    assert!(one.auth.keys().retire(&first, Actor::Cli).await.unwrap());
    let gone = AccessError::Token(TokenError::UnknownKid);
    let longest = Duration::from_secs(60);
    other.until_within(longest, &pair, Err(gone)).await;
    one.check(&one.refresh(&pair).await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_by_a_token_of_a_key_that_is_new_here_is_one() {
    for replaced in [false, true] {
        let (one, other) = deaf().await;
        one.keys().rotate(true, Actor::Cli).await.unwrap();
        let pair = sign_up(&one).await;
        let (done, reason) = if replaced {
            (other.replace(&pair.refresh).await, EndReason::Replaced)
        } else {
            (other.sign_out(&pair.refresh).await, EndReason::SignedOut)
        };
        done.unwrap();
        let refreshed = one.refresh(&pair.refresh, Channel::Cookies, &here()).await;
        assert!(matches!(refreshed, Err(RefreshError::Ended(ended)) if ended == reason));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_of_a_session_that_is_over_elsewhere_holds_here_too() {
    let (one, other) = deaf().await;
    let pair = sign_up(&one).await;
    one.sign_out(&pair.refresh).await.unwrap();
    other.check_access(pair.access.expose()).await.unwrap();
    other.sign_out(&pair.refresh).await.unwrap();
    let over = AccessError::Ended(EndReason::SignedOut);
    assert_eq!(other.check_access(pair.access.expose()).await, Err(over));
}

/// Two on one database.
async fn deaf() -> (Auth, Auth) {
    let stage = engine::postgres().await;
    let clock = Arc::new(SystemClock);
    (
        account_system(&stage.url, clock.clone()).await,
        account_system(&stage.url, clock).await,
    )
}

async fn sign_up(auth: &Auth) -> TokenPair {
    let new = SignUp {
        name: Name::parse("Ann").unwrap(),
        email: Email::parse("ann@example.com").unwrap(),
        password: Password::parse(PASSWORD).unwrap(),
    };
    auth.sign_up(new, &here()).await.unwrap()
}
