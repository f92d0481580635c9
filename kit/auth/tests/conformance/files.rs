//! SQLite's files: for their owner only, and waited for while another process holds them.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    time::Duration,
};

use monban_auth::Store;
use sqlx::{Connection, Executor, SqliteConnection};

use crate::{engine, suite};

#[tokio::test(flavor = "multi_thread")]
async fn in_a_folder_that_others_may_enter_the_files_are_for_their_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let url = format!("sqlite://{}/monban.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    suite::session(&store).await;
    let modes = || {
        let files = fs::read_dir(folder.path()).unwrap();
        let mut modes: Vec<_> = files
            .map(|file| {
                let file = file.unwrap();
                let mode = file.metadata().unwrap().permissions().mode() & 0o777;
                (file.file_name().into_string().unwrap(), mode)
            })
            .collect();
        modes.sort();
        modes
    };
    let closed = ["monban.db", "monban.db-shm", "monban.db-wal"];
    let closed = closed.map(|name| (name.to_owned(), 0o600));
    assert_eq!(modes(), closed);

    // One that was made before, or opened by somebody since, is mended at the next start.
    for (name, _) in &closed {
        fs::set_permissions(folder.path().join(name), Permissions::from_mode(0o644)).unwrap();
    }
    Store::open(&url).await.unwrap();
    assert_eq!(modes(), closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_starts_while_another_process_migrates_for_long_waits_for_it() {
    let empty = engine::empty_sqlite();
    let mut migrating = SqliteConnection::connect(&empty.url).await.unwrap();
    migrating
        .execute("PRAGMA journal_mode = WAL")
        .await
        .unwrap();
    let held = migrating.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let starting = tokio::spawn(async move { empty.open().await });
    // Longer than a write waits.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(!starting.is_finished());
    held.rollback().await.unwrap();
    starting.await.unwrap().store.ping().await.unwrap();
}
