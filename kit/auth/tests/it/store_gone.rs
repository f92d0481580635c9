//! The database does not answer: who is signed in is still known, and nobody is signed out.

use monban_auth::{AuthError, RefreshError, SignInError};

use crate::stage::{MINUTE, PASSWORD, SECOND, Stage, rules};

#[tokio::test]
async fn a_signed_in_request_is_known_without_the_database() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.auth.ping().await.unwrap();
    stage.close().await;
    stage.visit(&pair).await;
    assert!(stage.auth.ping().await.is_err());
}

#[tokio::test]
async fn a_refresh_fails_without_a_word_about_the_session() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.close().await;
    let failed = stage.refresh(&pair).await;
    assert!(
        matches!(failed, Err(RefreshError::Auth(AuthError::Store(_)))),
        "{failed:?}"
    );
    let failed = stage.sign_in("ann@example.com", PASSWORD).await;
    assert!(matches!(failed, Err(SignInError::Auth(_))), "{failed:?}");

    let stage = stage.crash().await;
    stage.pass(MINUTE);
    stage.refresh(&pair).await.unwrap();
}

#[tokio::test]
async fn a_sign_out_that_could_not_be_written_is_said_to_have_failed() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.close().await;
    assert!(stage.auth.sign_out(&pair.refresh).await.is_err());
    stage.visit(&pair).await;
}

#[tokio::test]
async fn what_was_seen_while_the_database_was_gone_is_written_later() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    stage.visit(&second).await;
    stage.sql("ALTER TABLE sessions RENAME TO hidden").await;
    assert!(stage.auth.write_behind().await.is_err());
    stage.sql("ALTER TABLE hidden RENAME TO sessions").await;
    let stage = stage.restart().await;
    assert_eq!(
        stage
            .count("SELECT count(*) FROM sessions WHERE generation_seen_at > 0")
            .await,
        1
    );
}

#[tokio::test]
async fn a_lock_that_another_process_holds_for_long_is_said_to_be_passing() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let database = stage.database().await;
    let lock = database.begin_with("BEGIN IMMEDIATE").await.unwrap();
    match stage.refresh(&pair).await {
        Err(RefreshError::Auth(error)) => assert!(error.is_busy(), "{error}"),
        other => panic!("{other:?}"),
    }
    lock.rollback().await.unwrap();
    stage.refresh(&pair).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_written_keeps_nothing_else_from_being_written() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.visit(&pair).await;
    stage
        .sign_in("ann@example.com", "not the password at all")
        .await
        .unwrap_err();
    stage.sql("ALTER TABLE sessions RENAME TO hidden").await;
    assert!(stage.auth.write_behind().await.is_err());
    let refused = "SELECT count(*) FROM audit WHERE event = 'sign_in_refused'";
    assert_eq!(stage.count(refused).await, 1);
    let backlog = stage.auth.backlog();
    assert_eq!((backlog.evidence, backlog.audit), (1, 0));
}

#[tokio::test]
async fn how_long_evidence_waits_can_be_told() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    assert_eq!(stage.auth.backlog().evidence_waits, None);
    stage.sql("ALTER TABLE sessions RENAME TO hidden").await;
    stage.visit(&pair).await;
    for waited in [20 * SECOND, 40 * SECOND] {
        stage.pass(20 * SECOND);
        stage.visit(&pair).await;
        assert!(stage.auth.write_behind().await.is_err());
        assert_eq!(stage.auth.backlog().evidence_waits, Some(waited));
    }
    stage.sql("ALTER TABLE hidden RENAME TO sessions").await;
    stage.auth.write_behind().await.unwrap();
    assert_eq!(stage.auth.backlog(), monban_auth::Backlog::default());
}

#[tokio::test]
async fn a_flood_of_refusals_fills_no_more_memory_than_there_is_room_for() {
    let mut rules = rules();
    rules.attempts.failures = u32::MAX;
    let stage = Stage::with(rules).await;
    stage.sql("ALTER TABLE audit RENAME TO hidden").await;
    let mut refused = 0;
    while refused < 12_000 {
        let nobody = stage.sign_in_nobody().await;
        refused += usize::from(nobody.is_err());
    }
    let backlog = stage.auth.backlog();
    assert_eq!((backlog.audit, backlog.audit_dropped), (10_000, 2_000));
}
