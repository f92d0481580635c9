//! What survives a restart: the evidence that a generation was used, so that a replay is still
//! noticed. And what a crash may cost: severity, never an honest person's session.

use futures_util::FutureExt;
use monban_auth::EndReason;

use crate::stage::{MINUTE, PASSWORD, SECOND, Stage};

#[tokio::test]
async fn a_replay_is_still_noticed_after_a_restart() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    stage.visit(&second).await;
    let stage = stage.restart().await;
    stage.pass(MINUTE);
    assert_eq!(stage.ended(&first.refresh).await, EndReason::Reused);
}

#[tokio::test]
async fn evidence_is_written_behind_before_the_restart_too() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    stage.visit(&second).await;
    stage.auth.write_behind().await.unwrap();
    let stage = stage.crash().await;
    stage.pass(MINUTE);
    assert_eq!(stage.ended(&first.refresh).await, EndReason::Reused);
}

#[tokio::test]
async fn evidence_of_an_older_generation_says_nothing_about_the_current_one() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    stage.visit(&first).await;
    stage.refresh(&first).await.unwrap();
    let stage = stage.restart().await;
    stage.pass(MINUTE);
    let again = stage.refresh(&first).await.unwrap();
    assert_eq!(
        again.claims.generation.get(),
        2,
        "the reply may have been lost"
    );
}

#[tokio::test]
async fn the_window_counts_from_the_first_use_also_across_a_restart() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    stage.refresh(&first).await.unwrap();
    stage.pass(5 * MINUTE);
    let mended = stage.refresh(&first).await.unwrap();
    stage.visit(&mended).await;
    let stage = stage.restart().await;
    stage.pass(29 * SECOND);
    stage.refresh(&first).await.unwrap();
    stage.pass(SECOND);
    assert_eq!(stage.ended(&first.refresh).await, EndReason::Reused);
}

#[tokio::test]
async fn a_crash_at_any_step_signs_no_honest_browser_out() {
    for crash_at in 0..12 {
        let mut stage = Stage::new().await;
        let mut held = stage.member("ann@example.com").await;
        for step in 0..12 {
            if step == crash_at {
                stage = stage.crash().await;
            }
            stage.pass(2 * MINUTE);
            match step % 4 {
                // The access token is used while it is good; whether it is, is not the point here.
                0 | 2 => drop(stage.auth.check_access(held.access.expose()).await),
                1 => held = stage.refresh(&held).await.unwrap(),
                // The reply is lost: the browser still holds what it sent.
                _ => drop(stage.refresh(&held).await.unwrap()),
            }
        }
        held = stage.refresh(&held).await.unwrap();
        stage.visit(&held).await;
    }
}

#[tokio::test]
async fn a_thief_who_is_lucky_with_a_crash_is_noticed_at_the_next_turn() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    stage.visit(&second).await;
    let stage = stage.crash().await;
    stage.pass(MINUTE);
    // The evidence is lost, so the copy gets the current generation, as a lost reply would.
    let copy = stage.refresh(&first).await.unwrap();
    let third = stage.refresh(&second).await.unwrap();
    stage.visit(&third).await;
    stage.pass(MINUTE);
    assert_eq!(stage.ended(&copy.refresh).await, EndReason::Reused);
    assert_eq!(stage.ended(&third.refresh).await, EndReason::Reused);
}

#[tokio::test]
async fn last_seen_is_written_behind_and_never_goes_back() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.pass(2 * MINUTE);
    stage.visit(&pair).await;
    let seen_at = stage.now();
    let stage = stage.restart().await;
    stage.pass(MINUTE);
    let sessions = stage.list_sessions(&pair).await;
    assert_eq!(sessions[0].seen_at, seen_at);
}

#[tokio::test]
async fn more_uses_than_one_batch_are_all_written() {
    let stage = Stage::new().await;
    let members = ["ann@example.com", "bob@example.com"];
    let mut pairs = Vec::new();
    for member in members {
        pairs.push(stage.member(member).await);
    }
    for place in 0..119 {
        let member = members[place % 2];
        pairs.push(stage.sign_in(member, PASSWORD).await.unwrap());
    }
    for pair in &pairs {
        stage.visit(pair).await;
    }
    stage.auth.write_behind().await.unwrap();
    let seen = "SELECT COUNT(*) FROM sessions WHERE generation_seen_at IS NOT NULL";
    assert_eq!(stage.count(seen).await, 121);
}

#[tokio::test]
async fn who_gives_up_while_the_audit_is_written_takes_nothing_along() {
    let stage = Stage::new().await;
    stage.member("ann@example.com").await;
    stage
        .sign_in("ann@example.com", "not the password at all")
        .await
        .unwrap_err();
    assert!(stage.auth.write_behind().now_or_never().is_none());
    stage.auth.write_behind().await.unwrap();
    let refused = "SELECT count(*) FROM audit WHERE event = 'sign_in_refused'";
    assert_eq!(stage.count(refused).await, 1);
}

#[tokio::test]
async fn opening_the_session_list_writes_nothing_and_shows_what_memory_knows() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let other = stage.member("bob@example.com").await;
    stage
        .sign_in("ann@example.com", "not the password at all")
        .await
        .unwrap_err();
    stage.pass(2 * MINUTE);
    for pair in [&pair, &other] {
        stage.visit(pair).await;
    }
    stage.pass(SECOND);
    stage.visit(&pair).await;

    let sessions = stage.list_sessions(&pair).await;
    assert_eq!(sessions[0].seen_at, stage.now(), "to the second");
    let written = "SELECT count(*) FROM sessions WHERE generation_seen_at IS NOT NULL";
    assert_eq!(stage.count(written).await, 0);
    let refused = "SELECT count(*) FROM audit WHERE event = 'sign_in_refused'";
    assert_eq!(stage.count(refused).await, 0);
    assert_eq!(stage.auth.backlog().evidence, 2);
}
