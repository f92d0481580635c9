//! PgBouncer between the store and the server, a real one.

use std::{fs, path::Path, process::Command, time::Duration};

use monban_auth::{
    EndReason, Store, StoreError, Timestamp,
    store::{Signal, Watch},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, postgres::PgConnectOptions};
use tempfile::TempDir;
use tokio::{task::JoinSet, time::timeout};

use crate::{
    engine::{self, Stage},
    servers::{Process, as_owner_of, free_port},
    suite,
};

/// Long enough on any machine.
const LONG: Duration = Duration::from_secs(30);

struct Pooler {
    url: String,
    _process: Process,
    _folder: TempDir,
}

/// A PgBouncer before the server of that stage.
fn pooler(stage: &Stage, mode: &str) -> Pooler {
    let server = stage
        .url
        .strip_prefix("postgres://postgres@127.0.0.1:")
        .unwrap();
    let (server_port, database) = server.split_once('/').unwrap();
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let keeps = if keeps_statements() {
        "max_prepared_statements = 200"
    } else {
        ""
    };
    let text = format!(
        "[databases]\n* = host=127.0.0.1 port={server_port} user=postgres\n\
         [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
         auth_type = any\npool_mode = {mode}\n{keeps}\n"
    );
    let file = folder.path().join("pgbouncer.ini");
    fs::write(&file, text).unwrap();
    let mut process = Command::new(program());
    // It refuses to run as root.
    if fs::metadata("/proc/self").is_ok_and(|here| std::os::unix::fs::MetadataExt::uid(&here) == 0)
    {
        std::os::unix::fs::chown(folder.path(), Some(65534), Some(65534)).unwrap();
    }
    as_owner_of(&mut process, folder.path());
    Pooler {
        url: format!("postgres://postgres@127.0.0.1:{port}/{database}"),
        _process: Process::start(process.arg("--quiet").arg(&file), port),
        _folder: folder,
    }
}

/// Debian puts it where only root looks for programs.
fn program() -> &'static str {
    let debian = "/usr/sbin/pgbouncer";
    if Path::new(debian).exists() {
        debian
    } else {
        "pgbouncer"
    }
}

/// PgBouncer keeps prepared statements in transaction mode since 1.21.
fn keeps_statements() -> bool {
    let said = Command::new(program()).arg("--version").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let version = said.split_whitespace().nth(1).unwrap();
    let minor = version.split('.').nth(1).unwrap();
    minor.parse::<u32>().unwrap() >= 21
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_lends_by_session_changes_nothing() {
    let stage = engine::postgres().await;
    let pooler = pooler(&stage, "session");
    let store = Store::open(&pooler.url).await.unwrap();
    let mut watch = store.watch().await.unwrap();
    hears(&stage, &store, &mut *watch).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_lends_by_transaction_works_or_the_start_says_what_to_set() {
    let stage = engine::postgres().await;
    let pooler = pooler(&stage, "transaction");
    if !keeps_statements() {
        let refused = Store::open(&pooler.url).await.unwrap_err();
        assert!(matches!(refused, StoreError::Pooler), "{refused}");
        let said = refused.to_string();
        assert!(said.contains("max_prepared_statements"), "{said}");
        return;
    }
    let store = Store::open(&pooler.url).await.unwrap();
    let mut watch = store.watch().await.unwrap();
    hears(&stage, &store, &mut *watch).await;
    // Many at once, each on whichever server is free.
    let mut asking = JoinSet::new();
    for _ in 0..200 {
        let store = store.clone();
        asking.spawn(async move {
            let session = suite::session(&store).await;
            assert!(suite::rotate(&store, session.id, 1).await);
            assert!(store.find_session(session.id).await.unwrap().is_some());
        });
    }
    asking.join_all().await;
}

/// However the pooler deals its servers out to whom, a start never takes it for none: it looks for
/// changes by itself, or says what to set.
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_pooler_that_lends_by_transaction_is_never_taken_for_none() {
    let stage = engine::postgres().await;
    let pooler = pooler(&stage, "transaction");
    let mut busy = JoinSet::new();
    for number in 1..=4 {
        let options: PgConnectOptions = pooler.url.parse().unwrap();
        let options = options.extra_float_digits(None);
        busy.spawn(async move {
            // Not prepared, as that would stand in the way of the others.
            let work = format!("BEGIN; SELECT pg_sleep(0.000{number}); COMMIT");
            loop {
                let mut client = options.connect().await.unwrap();
                let mut asked = Ok(());
                while asked.is_ok() {
                    let work = sqlx::raw_sql(AssertSqlSafe(work.clone()));
                    asked = client.execute(work).await.map(|_| ());
                }
            }
        });
    }
    for start in 0..30 {
        // New servers have no prepared statements of the start before.
        stage
            .run(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                   AND client_port IS NOT NULL",
            )
            .await;
        match Store::open(&pooler.url).await {
            // Where it keeps no statements, a start may yet meet servers that know them by chance.
            Ok(store) => {
                let heard = store.watch().await.unwrap().next().await.unwrap();
                assert_eq!(
                    heard,
                    Signal::PollDue,
                    "start {start}: taken for none, it listens"
                );
                store.close().await;
            }
            // Its server was one of those that have just ended.
            Err(error) if error.is_busy() => {}
            Err(StoreError::Pooler) => assert!(!keeps_statements(), "start {start}"),
            Err(error) => panic!("start {start}: {error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_lends_by_statement_is_refused_and_the_start_says_what_to_set() {
    let stage = engine::postgres().await;
    let pooler = pooler(&stage, "statement");
    for _ in 0..5 {
        let said = Store::open(&pooler.url).await.unwrap_err().to_string();
        assert!(said.contains("pool_mode = session"), "{said}");
        assert!(said.contains("statement mode"), "{said}");
    }
}

/// What another process ends is heard of.
async fn hears(stage: &Stage, store: &Store, watch: &mut dyn Watch) {
    let session = suite::session(store).await;
    let now = Timestamp::from_millis(1_800_000_000_123);
    suite::end(&stage.store, &session, EndReason::Revoked, now).await;
    let heard = timeout(LONG, async {
        while !matches!(
            watch.next().await.unwrap(),
            Signal::Changed | Signal::PollDue
        ) {}
    });
    heard.await.unwrap();
    let ended = suite::ended_since(store, now).await;
    assert!(ended.contains(&(session.id, EndReason::Revoked)));
}
