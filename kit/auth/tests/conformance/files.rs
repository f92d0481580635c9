//! SQLite's files: for their owner only, and waited for while another process holds them.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use monban_auth::{Store, StoreOptions};
use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;

use crate::{engine, servers::as_owner_of, suite};

/// Whether this process is one that the modes of files bind. They do not bind root, who runs that
/// one test again as somebody else, and leaves it to them.
pub fn is_bound_by_modes(test: &str) -> bool {
    const NOBODY: u32 = 65534;
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return true;
    }
    // The folder of the build may be closed to them.
    let folder = tempfile::tempdir().unwrap();
    let (own, theirs) = (
        std::env::current_exe().unwrap(),
        folder.path().join("tests"),
    );
    if fs::hard_link(&own, &theirs).is_err() {
        fs::copy(&own, &theirs).unwrap();
    }
    chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    let mut again = Command::new(theirs);
    as_owner_of(&mut again, folder.path());
    again.args(["--exact", test, "--nocapture"]);
    again.current_dir("/").env("TMPDIR", folder.path());
    let output = again.output().unwrap();
    assert!(
        output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "{output:?}"
    );
    false
}

/// A folder, where a database in it would be, and its address.
fn place() -> (TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monban.db");
    let url = format!("sqlite://{}", file.display());
    (folder, file, url)
}

fn set_mode(file: &Path, mode: u32) {
    fs::set_permissions(file, Permissions::from_mode(mode)).unwrap();
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

/// How many files are in it.
fn count(folder: &TempDir) -> usize {
    fs::read_dir(folder.path()).unwrap().count()
}

/// Why it is not opened. The error names the file.
async fn refusal(url: &str, file: &Path) -> String {
    let said = Store::open(url).await.unwrap_err().to_string();
    assert!(said.contains(file.to_str().unwrap()), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_this_user_may_not_write_stops_the_start_and_nothing_is_left_of_it() {
    if !is_bound_by_modes(
        "files::a_database_that_this_user_may_not_write_stops_the_start_and_nothing_is_left_of_it",
    ) {
        return;
    }
    let (folder, file, url) = place();
    Store::open(&url).await.unwrap().close().await;
    set_mode(&file, 0o400);
    let said = refusal(&url, &file).await;
    assert!(said.contains("is not writable by this user"), "{said}");
    assert_eq!((mode(&file), count(&folder)), (0o400, 1));
    set_mode(&file, 0o600);
    Store::open(&url).await.unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_beside_it_that_its_owner_may_not_write_are_given_their_mode_back() {
    if !is_bound_by_modes(
        "files::files_beside_it_that_its_owner_may_not_write_are_given_their_mode_back",
    ) {
        return;
    }
    let (folder, _, url) = place();
    Store::open(&url).await.unwrap().close().await;
    // As SQLite makes them beside a database that it may only read.
    let beside = ["monban.db-wal", "monban.db-shm"].map(|name| folder.path().join(name));
    for file in &beside {
        fs::write(file, "").unwrap();
        set_mode(file, 0o400);
    }
    let store = Store::open(&url).await.unwrap();
    suite::session(&store).await;
    assert_eq!(beside.each_ref().map(|file| mode(file)), [0o600; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_this_user_may_not_write_is_told() {
    if !is_bound_by_modes("files::a_folder_that_this_user_may_not_write_is_told") {
        return;
    }
    let (folder, file, url) = place();
    set_mode(folder.path(), 0o500);
    refusal(&url, &file).await;
    set_mode(folder.path(), 0o700);
    Store::open(&url).await.unwrap().close().await;
    set_mode(folder.path(), 0o500);
    refusal(&url, &file).await;
    set_mode(folder.path(), 0o700);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_database_is_told_by_its_path_and_left_as_it_is() {
    let (folder, file, url) = place();
    fs::write(&file, "The notes of somebody, which are long enough.").unwrap();
    set_mode(&file, 0o644);
    let said = refusal(&url, &file).await;
    assert!(said.contains("not a SQLite database"), "{said}");
    assert_eq!((mode(&file), count(&folder)), (0o644, 1));

    fs::write(&file, "Short").unwrap();
    refusal(&url, &file).await;
    assert_eq!((mode(&file), count(&folder)), (0o644, 1));

    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    set_mode(&file, 0o755);
    let said = refusal(&url, &file).await;
    assert!(said.contains("a folder"), "{said}");
    assert_eq!((mode(&file), count(&folder)), (0o755, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_opened_is_told_by_its_path() {
    let (folder, file, url) = place();
    let mut broken = b"SQLite format 3\0".to_vec();
    broken.resize(8192, 7);
    fs::write(&file, broken).unwrap();
    refusal(&url, &file).await;

    let file = folder.path().join("nowhere/monban.db");
    refusal(&format!("sqlite://{}", file.display()), &file).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn none_is_made_where_none_is_asked_for() {
    let (folder, file, url) = place();
    let open = async || {
        let options = StoreOptions {
            create: false,
            ..StoreOptions::default()
        };
        Store::open_with(&url, options).await
    };
    for made in 0..=1 {
        let said = open().await.unwrap_err().to_string();
        let expected = format!("no database at {}", file.display());
        assert!(said.contains(&expected), "{said}");
        assert_eq!(count(&folder), made);
        // An empty file, as a process leaves it that was stopped right after making it.
        fs::write(&file, "").unwrap();
    }
    Store::open(&url).await.unwrap().close().await;
    open().await.unwrap().ping().await.unwrap();
}

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
