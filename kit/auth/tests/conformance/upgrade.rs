//! The schema is brought up to date on PostgreSQL beside nodes of the version before, which go on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use monban_auth::{Store, StoreError, StoreOptions};
use sqlx::{Connection, Executor, PgConnection, migrate::Migrator};
use tokio::{
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, timeout},
};

use crate::{
    engine::{Empty, Stage, empty_postgres},
    pace::PATIENCE,
};

/// How long a node of the version before waited for a statement.
const NODE_WAITS: Duration = Duration::from_secs(4);

/// A database of the version before, with that many accounts, each with a session.
async fn of_the_version_before(accounts: u32) -> Empty {
    let empty = empty_postgres().await;
    let mut connection = PgConnection::connect(&empty.url).await.unwrap();
    let known = sqlx::migrate!("migrations/postgres");
    let known = known.iter().filter(|one| one.version <= 2).cloned();
    let mut known = Migrator::with_migrations(known.collect());
    known.set_locking(false);
    known.run(&mut connection).await.unwrap();
    let accounts = i64::from(accounts);
    for insert in [
        "INSERT INTO accounts (id, email, name, password_hash, created_at)
         SELECT gen_random_uuid(), i || '@example.com', 'Ann', 'hash', 1
         FROM generate_series(1, $1) AS i",
        "INSERT INTO sessions (id, account_id, generation, rotated_at, seen_at, persistence,
                               created_at, idle_expires_at, absolute_expires_at, ip, user_agent)
         SELECT id, id, 1, 1, 1, 'kept', 1, 1, 1, '', '' FROM accounts LIMIT $1",
    ] {
        let insert = sqlx::query(insert).bind(accounts);
        insert.execute(&mut connection).await.unwrap();
    }
    empty
}

fn start(empty: &Empty, tables_wait: Duration) -> JoinHandle<Result<Store, StoreError>> {
    let url = empty.url.clone();
    let options = StoreOptions {
        tables_wait,
        ..StoreOptions::default()
    };
    tokio::spawn(async move { Store::open_with(&url, options).await })
}

/// Waits until somebody waits for a table, whichever it is.
async fn somebody_waits_for_a_table(url: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let waits = "SELECT EXISTS (
                     SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
                     WHERE datname = current_database() AND locktype = 'relation' AND NOT granted)";
    let start = Instant::now();
    while !sqlx::query_scalar::<_, bool>(waits)
        .fetch_one(&mut connection)
        .await
        .unwrap()
    {
        assert!(start.elapsed() < PATIENCE, "nobody waits");
        sleep(Duration::from_millis(5)).await;
    }
}

/// A node is in the middle of a transaction, has one table and wants another.
async fn a_node_that_has_one_table_gets_the_other(one: &'static str, other: &'static str) {
    let empty = of_the_version_before(10).await;
    let mut node = PgConnection::connect(&empty.url).await.unwrap();
    let mut held = node.begin().await.unwrap();
    held.execute(one).await.unwrap();
    let starting = start(&empty, Duration::from_mins(1));
    somebody_waits_for_a_table(&empty.url).await;
    let asked = Instant::now();
    held.execute(other).await.unwrap();
    held.commit().await.unwrap();
    assert!(asked.elapsed() < NODE_WAITS, "{:?}", asked.elapsed());
    starting.await.unwrap().unwrap().ping().await.unwrap();
}

const WRITE_ACCOUNT: &str = "UPDATE accounts SET name = 'Bob' WHERE email = '1@example.com'";
const WRITE_SESSION: &str = "UPDATE sessions SET ip = '::1' WHERE generation = 1";

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_has_sessions_gets_accounts() {
    a_node_that_has_one_table_gets_the_other(WRITE_SESSION, WRITE_ACCOUNT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_has_accounts_gets_sessions() {
    a_node_that_has_one_table_gets_the_other(WRITE_ACCOUNT, WRITE_SESSION).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_of_busy_nodes_fails() {
    let empty = of_the_version_before(50_000).await;
    let over = Arc::new(AtomicBool::new(false));
    let mut nodes = JoinSet::new();
    for number in 0..8 {
        let (url, over) = (empty.url.clone(), Arc::clone(&over));
        nodes.spawn(async move {
            let mut node = PgConnection::connect(&url).await.unwrap();
            let email = format!("{number}@example.com");
            let mut longest = Duration::ZERO;
            while !over.load(Ordering::SeqCst) {
                let asked = Instant::now();
                sqlx::query(
                    "SELECT s.id, a.roles FROM sessions s JOIN accounts a ON a.id = s.account_id
                     WHERE a.email = $1",
                )
                .bind(&email)
                .execute(&mut node)
                .await
                .unwrap();
                let mut write = node.begin().await.unwrap();
                for statement in [
                    "UPDATE accounts SET changed_at = 2 WHERE email = $1",
                    "UPDATE sessions SET generation = generation + 1 WHERE account_id =
                         (SELECT id FROM accounts WHERE email = $1)",
                ] {
                    let statement = sqlx::query(statement).bind(&email);
                    statement.execute(&mut *write).await.unwrap();
                }
                write.commit().await.unwrap();
                longest = longest.max(asked.elapsed());
            }
            longest
        });
    }
    let started = start(&empty, Duration::from_mins(1)).await.unwrap();
    over.store(true, Ordering::SeqCst);
    started.unwrap().ping().await.unwrap();
    let longest = nodes.join_all().await.into_iter().max().unwrap();
    assert!(longest < NODE_WAITS, "a node waited for {longest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_for_long_is_waited_for_and_stops_no_node() {
    let empty = of_the_version_before(10).await;
    let mut backup = PgConnection::connect(&empty.url).await.unwrap();
    let mut reading = backup.begin().await.unwrap();
    reading.execute("SELECT 1 FROM sessions").await.unwrap();
    let starting = start(&empty, Duration::from_mins(1));
    somebody_waits_for_a_table(&empty.url).await;
    let mut node = PgConnection::connect(&empty.url).await.unwrap();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(5) {
        let done = timeout(NODE_WAITS, node.execute(WRITE_SESSION)).await;
        done.expect("the node waits for too long").unwrap();
    }
    assert!(!starting.is_finished());
    reading.commit().await.unwrap();
    starting.await.unwrap().unwrap().ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_for_longer_than_the_start_waits_is_named() {
    let empty = of_the_version_before(10).await;
    let url = format!("{}?application_name=pg_dump", empty.url);
    let mut backup = PgConnection::connect(&url).await.unwrap();
    let mut reading = backup.begin().await.unwrap();
    reading.execute("SELECT 1 FROM accounts").await.unwrap();
    let starting = start(&empty, Duration::from_secs(3));
    let refused = timeout(PATIENCE, starting).await;
    let refused = refused.unwrap().unwrap().unwrap_err();
    let said = refused.to_string();
    for part in ["pg_dump", "accounts", "3 s"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // Nothing has changed, so that the next start can do it.
    reading.commit().await.unwrap();
    empty.open().await.store.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_columns_are_known_to_the_planner() {
    let stage: Stage = of_the_version_before(100).await.open().await;
    let known = "SELECT count(*) FROM pg_stats WHERE tablename = 'accounts'
                 AND attname IN ('email_folded', 'email_claim', 'version', 'credential_version')";
    assert_eq!(stage.count(known).await, 4);
}
