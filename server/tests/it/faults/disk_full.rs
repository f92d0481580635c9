//! The disk that the data is on is full, and then it is not.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::Command,
    time::Duration,
};

use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use tokio::task::block_in_place;

use super::{
    STRICT,
    load::{Kept, Load},
    report,
};
use crate::{
    app::{EMAIL, NAME, PASSWORD},
    process::Process,
};

const PEOPLE: usize = 6;

/// What is written together with something else, and stands alone.
const HALVES: [&str; 4] = [
    "SELECT count(*) FROM accounts WHERE id NOT IN
         (SELECT account_id FROM audit WHERE event = 'account_created')",
    "SELECT count(*) FROM audit WHERE event = 'account_created' AND account_id NOT IN
         (SELECT id FROM accounts)",
    "SELECT count(*) FROM sessions WHERE id NOT IN
         (SELECT session_id FROM audit WHERE event = 'signed_in')",
    "SELECT count(*) FROM sessions WHERE (ended_at IS NOT NULL) <> (id IN
         (SELECT session_id FROM audit WHERE event = 'session_ended'))",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_survived() {
    full(2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_disk_that_is_full_twenty_times_is_survived() {
    full(20).await;
}

async fn full(times: u32) {
    let disk = match Disk::mount() {
        Ok(disk) => disk,
        Err(reason) => return report(&format!("disk full: SKIPPED, as {reason}")),
    };
    let data = disk.path().to_str().unwrap();
    let process = Process::start(&[STRICT.as_slice(), &[("MONBAN_DATA_DIR", data)]].concat());
    let mut member = process.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    assert_eq!(member.call("sign_up", &form).await.status, 200);

    let mut load = Load::excusing(&[503], process.address, PEOPLE);
    let (mut reads, mut longest) = (0, Duration::ZERO);
    for _ in 0..times {
        load.answers(100).await;
        load.tally.fault_begins();
        block_in_place(|| disk.fill());
        load.refusals(5).await;
        for _ in 0..10 {
            assert!(member.navigate("/account").await.is_members());
            assert_eq!(member.ask("who_am_i").await.status, 200);
            reads += 2;
        }
        load.refusals(5).await;
        disk.free();
        longest = longest.max(load.fault_is_over().await);
    }
    let tally = load.tally.clone();
    let kept = Kept::of(load.stop().await).await;
    assert_eq!(tally.counts().broken, 0, "{tally}");
    assert_nothing_half_written(&disk.path().join("monban.db")).await;
    report(&format!(
        "disk full {times} times: {tally}; {reads} reads by somebody signed in went on; \
         all well {longest:.1?} later at most; nothing half-written; {kept}"
    ));
}

async fn assert_nothing_half_written(file: &Path) {
    let options = SqliteConnectOptions::new().filename(file);
    let database = SqlitePool::connect_with(options).await.unwrap();
    let check = sqlx::query_scalar("PRAGMA integrity_check");
    let said: String = check.fetch_one(&database).await.unwrap();
    assert_eq!(said, "ok");
    for query in HALVES {
        let halves: i64 = sqlx::query_scalar(query)
            .fetch_one(&database)
            .await
            .unwrap();
        assert_eq!(halves, 0, "{query}");
    }
}

/// A small disk. It goes with its test.
struct Disk(TempDir);

impl Disk {
    /// Only root may: others hear why not.
    fn mount() -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"]);
        match mount.arg(folder.path()).output() {
            Ok(done) if done.status.success() => Ok(Self(folder)),
            Ok(done) => Err(String::from_utf8_lossy(&done.stderr).trim().to_owned()),
            Err(error) => Err(format!("mount: {error}")),
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn fill(&self) {
        let mut rest = File::create(self.path().join("rest")).unwrap();
        while rest.write(&[0; 4096]).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.path().join("rest")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .status();
    }
}
