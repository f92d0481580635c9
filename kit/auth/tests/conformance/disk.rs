//! SQLite on a disk that is full, and on a file that may no longer be written.

use std::{
    fs::{self, File, Permissions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
};

use monban_auth::{AccountId, Store, StoreError};
use tempfile::TempDir;

use crate::{files::is_bound_by_modes, suite};

/// What becomes of a write, and of the question whether one is taken.
async fn writes(store: &Store) -> [Result<(), StoreError>; 2] {
    let email = format!("{}@example.com", AccountId::generate());
    let new = suite::new_account(&email);
    let asked = store.check_writer().await;
    [store.create_account(&new, None).await.map(|_| ()), asked]
}

fn assert_both_may_pass(refused: [Result<(), StoreError>; 2]) {
    for refused in refused {
        let error = refused.unwrap_err();
        assert!(error.is_busy(), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_the_writer_is_told_to_be_ill_and_a_write_may_be_tried_again() {
    let Some(disk) = Disk::mount() else {
        return;
    };
    let url = format!("sqlite://{}/monban.db", disk.path().display());
    let store = Store::open(&url).await.unwrap();
    for _ in 0..3 {
        // Often enough that what is asked lasts.
        for _ in 0..3 {
            let [write, asked] = writes(&store).await;
            write.unwrap();
            asked.unwrap();
        }
        disk.fill();
        for _ in 0..3 {
            assert_both_may_pass(writes(&store).await);
        }
        disk.free();
    }
    let [write, asked] = writes(&store).await;
    write.unwrap();
    asked.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_starts_on_a_full_disk_hears_it_at_once_and_of_which_file() {
    let Some(disk) = Disk::mount() else {
        return;
    };
    disk.fill();
    let file = disk.path().join("monban.db");
    let starting = tokio::spawn({
        let url = format!("sqlite://{}", file.display());
        async move { Store::open(&url).await }
    });
    let started = tokio::time::timeout(crate::pace::PATIENCE, starting).await;
    let said = started.unwrap().unwrap().unwrap_err().to_string();
    assert!(said.contains(file.to_str().unwrap()), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_file_that_may_no_longer_be_written_the_writer_is_told_to_be_ill() {
    if !is_bound_by_modes(
        "disk::on_a_file_that_may_no_longer_be_written_the_writer_is_told_to_be_ill",
    ) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monban.db");
    let store = Store::open(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    store.check_writer().await.unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o400)).unwrap();
    let error = store.check_writer().await.unwrap_err();
    assert!(error.is_busy(), "{error}");
    assert!(error.to_string().contains("not writable"), "{error}");
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    store.check_writer().await.unwrap();
}

/// A small disk. It goes with its test.
struct Disk(TempDir);

impl Disk {
    /// Only root may.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]);
        let mounted = mount.arg(folder.path()).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        eprintln!("skipped: only root may mount a small disk");
        None
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
