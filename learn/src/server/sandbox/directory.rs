//! The temporary directory that holds the database of a sandbox instance.

use std::{
    env,
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use tokio::task::spawn_blocking;

/// The prefix of the directory's name.
const PREFIX: &str = "monban-sandbox-";
/// The file in the directory whose lock marks it as in use. The system releases the lock when the
/// process ends, however it ends.
const LOCK: &str = "lock";

/// A temporary directory that is removed when it is dropped. Directories that a killed process left
/// behind are removed when the next one is created.
#[derive(Debug)]
pub(super) struct Directory {
    directory: TempDir,
    _lock: File,
}

impl Directory {
    /// Creates a directory among the machine's temporary files.
    pub(super) async fn create() -> io::Result<Self> {
        let created = spawn_blocking(|| {
            let parent = env::temp_dir();
            let created = Self::create_in(&parent)?;
            sweep(&parent, fs::metadata(created.path())?.uid());
            Ok(created)
        });
        created.await.map_err(io::Error::other)?
    }

    fn create_in(parent: &Path) -> io::Result<Self> {
        let directory = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        // The file gets its name once it is locked, so no other process ever finds it unlocked.
        let unnamed = directory.path().join("unlocked");
        let lock = File::create(&unnamed)?;
        lock.lock()?;
        fs::rename(unnamed, directory.path().join(LOCK))?;
        Ok(Self {
            directory,
            _lock: lock,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }
}

/// Removes the directories of this user that no process uses any more.
fn sweep(parent: &Path, user: u32) {
    for path in abandoned(parent, user) {
        let removed = fs::remove_dir_all(&path);
        tracing::info!(path = %path.display(), ?removed, "a sandbox was left behind");
    }
}

/// The directories of this user whose lock is free. Files of other users are not opened: one that is
/// named like the lock may be a pipe, and opening it would block.
fn abandoned(parent: &Path, user: u32) -> Vec<PathBuf> {
    let is_own = |path: &PathBuf| {
        fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == user)
    };
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    ours.map(|entry| entry.path())
        .filter(is_own)
        .filter(|path| File::open(path.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_behind_is_removed_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let in_use = Directory::create_in(parent.path()).unwrap();
        let left = Directory::create_in(parent.path())
            .unwrap()
            .directory
            .keep();
        let being_made = parent.path().join(format!("{PREFIX}new"));
        let foreign = parent.path().join("foreign");
        for path in [&being_made, &foreign] {
            fs::create_dir(path).unwrap();
        }
        fs::write(foreign.join(LOCK), "").unwrap();

        let user = fs::metadata(parent.path()).unwrap().uid();
        sweep(parent.path(), user + 1);
        assert!(left.exists(), "of somebody else");
        sweep(parent.path(), user);
        assert!(!left.exists());
        assert!(in_use.path().exists() && being_made.exists() && foreign.exists());
    }

    #[test]
    fn a_directory_is_removed_when_it_is_dropped() {
        let parent = tempfile::tempdir().unwrap();
        drop(Directory::create_in(parent.path()).unwrap());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
