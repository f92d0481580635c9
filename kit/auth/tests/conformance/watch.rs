//! Hearing of changes on PostgreSQL, whatever else goes on.

use std::time::Duration;

use monban_auth::{AccountId, EndReason, store::Signal};
use sqlx::{Connection, Executor, PgConnection};
use tokio::{task::JoinSet, time::timeout};

use crate::{
    engine,
    suite::{NOW, end, ended_since, session},
};

/// Long enough on any machine.
const LONG: Duration = Duration::from_secs(30);
const CHANGE: &str = "SELECT pg_notify('monban', '')";

#[tokio::test(flavor = "multi_thread")]
async fn changes_do_not_put_off_the_proof_that_it_hears() {
    let stage = engine::postgres().await;
    let mut watch = stage.store.watch().await.unwrap();
    let mut connection = PgConnection::connect(&stage.url).await.unwrap();
    let changing = tokio::spawn(async move {
        loop {
            connection.execute(CHANGE).await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    for _ in 0..2 {
        let proved = timeout(LONG, async {
            while watch.next().await.unwrap() != Signal::Idle {}
        });
        proved.await.unwrap();
    }
    changing.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn words_in_quick_succession_are_one() {
    const WORDS: usize = 500;
    let stage = engine::postgres().await;
    let mut watch = stage.store.watch().await.unwrap();
    let mut connection = PgConnection::connect(&stage.url).await.unwrap();
    for _ in 0..WORDS {
        connection.execute(CHANGE).await.unwrap();
    }
    let mut wakes = 0;
    let all = timeout(LONG, async {
        while watch.next().await.unwrap() == Signal::Changed {
            wakes += 1;
        }
    });
    all.await.unwrap();
    assert!((1..=WORDS / 10).contains(&wakes), "{wakes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_is_used_up_makes_nobody_deaf() {
    let stage = engine::postgres().await;
    let session = session(&stage.store).await;
    let other = stage.another().await;
    // Who looks for an account waits, and holds a connection.
    let mut holder = PgConnection::connect(&stage.url).await.unwrap();
    let mut held = holder.begin().await.unwrap();
    held.execute("LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let mut waiting = JoinSet::new();
    for _ in 0..50 {
        let store = stage.store.clone();
        waiting.spawn(async move {
            // Given up after a while, and again: until the test is over.
            while store.find_account(AccountId::generate()).await.is_err() {}
        });
    }
    let waits = "SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let mut counter = PgConnection::connect(&stage.url).await.unwrap();
    let used_up = timeout(LONG, async {
        while sqlx::query_scalar::<_, i64>(waits)
            .fetch_one(&mut counter)
            .await
            .unwrap()
            < 16
        {}
    });
    used_up.await.unwrap();

    let mut watch = stage.store.watch().await.unwrap();
    assert!(end(&other, &session, EndReason::Revoked, NOW).await);
    let mut heard = Vec::new();
    let all = timeout(LONG, async {
        while !(heard.contains(&Signal::Changed) && heard.contains(&Signal::Idle)) {
            heard.push(watch.next().await.unwrap());
        }
    });
    all.await.unwrap();
    let ended = [(session.id, EndReason::Revoked)];
    assert_eq!(ended_since(&stage.store, NOW).await, ended);
    assert!(stage.store.time().await.unwrap().is_some());
    held.rollback().await.unwrap();
    waiting.shutdown().await;
}
