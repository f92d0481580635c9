//! Proving who one is.

use std::time::Duration;

use futures_util::future::join_all;
use monban_auth::{
    AccessError, Actor, Client, Email, EndReason, Password, Persistence, Role, SignIn, SignInError,
    TokenPair,
};
use tokio::time::sleep;

use crate::stage::{MINUTE, PASSWORD, SECOND, Stage, here, rules};

#[tokio::test]
async fn every_sign_in_is_a_new_session() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    let third = stage.sign_in("ann@EXAMPLE.com", PASSWORD).await.unwrap();
    assert_eq!(first.claims.sub, third.claims.sub);
    let sessions = [first.claims.sid, second.claims.sid, third.claims.sid];
    assert!(
        sessions
            .iter()
            .all(|a| sessions.iter().filter(|b| a == *b).count() == 1)
    );
}

#[tokio::test]
async fn unknown_address_wrong_password_and_nonsense_are_one_answer() {
    let stage = Stage::new().await;
    stage.member("ann@example.com").await;
    for (email, password) in [
        ("ann@example.com", "not the password at all"),
        ("nobody@example.com", PASSWORD),
        ("no address", PASSWORD),
        ("ann@example.com", "nobody has this password"),
    ] {
        let refused = stage.sign_in(email, password).await;
        assert!(
            matches!(refused, Err(SignInError::InvalidCredentials)),
            "{email}"
        );
    }
    assert_eq!(stage.count("SELECT count(*) FROM sessions").await, 1);
    stage.auth.write_behind().await.unwrap();
    assert_eq!(
        stage
            .count("SELECT count(*) FROM audit WHERE event = 'sign_in_refused'")
            .await,
        4
    );
}

#[tokio::test]
async fn a_password_is_the_same_however_its_characters_are_composed() {
    let stage = Stage::new().await;
    stage
        .sign_up("ann@example.com", "caf\u{e9} orbit plum sandal")
        .await
        .unwrap();
    stage
        .sign_in("ann@example.com", "cafe\u{301} orbit plum sandal")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_long_password_counts_to_its_last_byte() {
    let stage = Stage::new().await;
    let long = format!("kettle orbit plum sandal{}", "x".repeat(1000));
    stage.sign_up("ann@example.com", &long).await.unwrap();
    stage.sign_in("ann@example.com", &long).await.unwrap();
    let almost = format!("{}y", &long[..long.len() - 1]);
    assert!(stage.sign_in("ann@example.com", &almost).await.is_err());
}

#[tokio::test]
async fn a_hash_of_weaker_costs_is_replaced_at_the_next_sign_in() {
    const OF_TODAY: &str =
        "SELECT count(*) FROM accounts WHERE password_hash LIKE '$argon2id$v=19$m=128,t=1,p=1$%'";
    let mut stage = Stage::new().await;
    stage.member("ann@example.com").await;
    let mut harder = rules();
    harder.hashing.memory_kib = 128;
    stage.rules = harder;
    let stage = stage.restart().await;
    assert_eq!(stage.count(OF_TODAY).await, 0);

    assert!(
        stage
            .sign_in("ann@example.com", "not the password at all")
            .await
            .is_err()
    );
    assert_eq!(stage.count(OF_TODAY).await, 0);

    stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    assert_eq!(stage.count(OF_TODAY).await, 1);
    stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_disabled_account_is_refused_like_a_wrong_password() {
    let stage = Stage::new().await;
    stage.member("ann@example.com").await;
    stage.sql("UPDATE accounts SET disabled_at = 1").await;
    let refused = stage.sign_in("ann@example.com", PASSWORD).await;
    assert!(matches!(refused, Err(SignInError::InvalidCredentials)));
}

#[tokio::test]
async fn the_sessions_of_a_disabled_account_end_at_their_next_refresh() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.sql("UPDATE accounts SET disabled_at = 1").await;
    assert_eq!(stage.ended(&pair.refresh).await, EndReason::AccountDisabled);
}

#[tokio::test]
async fn guesses_that_come_at_once_are_counted_too() {
    let mut rules = rules();
    rules.attempts.failures = 3;
    let stage = Stage::with(rules).await;
    stage.member("ann@example.com").await;
    let guesses = (0..40).map(|_| stage.sign_in("ann@example.com", "not the password at all"));
    let (mut wrong, mut too_many) = (0, 0);
    for answer in join_all(guesses).await {
        match answer {
            Err(SignInError::InvalidCredentials) => wrong += 1,
            Err(SignInError::TooManyFailures { .. }) => too_many += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((wrong, too_many), (3, 37));
}

#[tokio::test]
async fn a_role_that_is_taken_while_somebody_signs_in_is_in_no_token_that_is_believed() {
    let mut rules = rules();
    // So that the hash takes a while.
    rules.hashing.memory_kib = 64 * 1024;
    let stage = Stage::with(rules).await;
    let admin: Role = "admin".parse().unwrap();
    let id = stage.member("ann@example.com").await.claims.sub;
    assert!(
        stage
            .auth
            .roles()
            .grant(id, &admin, Actor::Cli)
            .await
            .unwrap()
    );
    stage.pass(MINUTE);

    let revoke = async {
        sleep(Duration::from_millis(20)).await;
        stage.pass(SECOND);
        stage
            .auth
            .roles()
            .revoke(id, &admin, Actor::Cli)
            .await
            .unwrap()
    };
    let (pair, revoked) = tokio::join!(stage.sign_in("ann@example.com", PASSWORD), revoke);
    let pair = pair.unwrap();
    assert!(revoked);
    match stage.auth.check_access(pair.access.expose()).await {
        Err(AccessError::Stale) => assert_eq!(pair.claims.roles, ["admin"]),
        believed => assert!(believed.unwrap().roles.is_empty()),
    }
    assert!(stage.refresh(&pair).await.unwrap().claims.roles.is_empty());
}

/// Ten networks guess at the account as often as they may, so that no stranger gets through.
async fn strangers_guess(stage: &Stage) {
    for network in 0..10 {
        let place = Client::new(format!("2001:db8:{network}:1::1"), "curl");
        for _ in 0..stage.rules.attempts.failures {
            let guessed = sign_in_from(stage, &place, "not the one, sorry").await;
            assert!(matches!(guessed, Err(SignInError::InvalidCredentials)));
        }
    }
    // Until the next one has to wait, which is after the first that is too many.
    let place = Client::new("198.51.100.1".into(), "curl");
    let _ = sign_in_from(stage, &place, "not the one, sorry").await;
    let refused = sign_in_from(stage, &place, PASSWORD).await;
    let Err(SignInError::TooManyFailures { retry_after }) = refused else {
        panic!("{refused:?}");
    };
    assert!(retry_after <= MINUTE, "strangers wait for {retry_after:?}");
}

async fn sign_in_from(
    stage: &Stage,
    client: &Client,
    password: &str,
) -> Result<TokenPair, SignInError> {
    let who = SignIn {
        email: Email::parse("ann@example.com").ok(),
        password: Password::parse(password).unwrap(),
        persistence: Persistence::Kept,
    };
    stage.auth.sign_in(who, client).await
}

#[tokio::test]
async fn strangers_cannot_keep_the_owner_from_signing_in_on_a_device_that_did_before() {
    let stage = Stage::new().await;
    let device = stage.member("ann@example.com").await.device;
    strangers_guess(&stage).await;
    let travelling = Client::new("192.0.2.99".into(), "Firefox").with_device(device);
    let pair = sign_in_from(&stage, &travelling, PASSWORD).await.unwrap();
    assert!(pair.device.is_some());
}

#[tokio::test]
async fn a_device_that_is_known_guesses_no_more_often_than_a_network_may() {
    let stage = Stage::new().await;
    let device = stage.member("ann@example.com").await.device;
    let stolen = Client::new("192.0.2.99".into(), "curl").with_device(device);
    for _ in 0..stage.rules.attempts.failures {
        let guessed = sign_in_from(&stage, &stolen, "not the one, sorry").await;
        assert!(matches!(guessed, Err(SignInError::InvalidCredentials)));
    }
    let refused = sign_in_from(&stage, &stolen, PASSWORD).await;
    assert!(matches!(refused, Err(SignInError::TooManyFailures { .. })));
}

#[tokio::test]
async fn a_device_is_known_to_one_account_only_and_with_its_password_only() {
    let stage = Stage::new().await;
    let own = stage.member("ann@example.com").await.device;
    let of_another = stage.member("bob@example.com").await.device;
    strangers_guess(&stage).await;
    let attempt = |device| {
        let client = Client::new("198.51.100.1".into(), "curl").with_device(device);
        let stage = &stage;
        async move { sign_in_from(stage, &client, PASSWORD).await }
    };
    let refused = attempt(of_another).await;
    assert!(matches!(refused, Err(SignInError::TooManyFailures { .. })));
    // Another hash is another password.
    stage.sql("UPDATE accounts SET password_hash = (SELECT password_hash FROM accounts WHERE email = 'bob@example.com') WHERE email = 'ann@example.com'").await;
    let refused = attempt(own).await;
    assert!(matches!(refused, Err(SignInError::TooManyFailures { .. })));
}

#[tokio::test]
async fn strangers_cannot_keep_the_owner_from_signing_in_on_a_network_where_they_are_signed_in() {
    let stage = Stage::new().await;
    stage.member("ann@example.com").await;
    strangers_guess(&stage).await;
    // As a client of the REST API: it keeps no device token.
    sign_in_from(&stage, &here(), PASSWORD).await.unwrap();
}

#[tokio::test]
async fn strangers_make_the_owner_wait_elsewhere_for_a_minute_at_most() {
    let stage = Stage::new().await;
    stage.member("ann@example.com").await;
    strangers_guess(&stage).await;
    stage.clock.advance(MINUTE);
    let hotel = Client::new("192.0.2.99".into(), "Firefox");
    sign_in_from(&stage, &hotel, PASSWORD).await.unwrap();
}
