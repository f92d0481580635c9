//! Proving who one is.

use monban_auth::{EndReason, SignInError};

use crate::stage::{PASSWORD, Stage, rules};

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
