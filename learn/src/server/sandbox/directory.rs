//! Where a sandbox keeps its database.

use std::{
    env,
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use tokio::task::spawn_blocking;

/// What its name begins with.
const PREFIX: &str = "monban-sandbox-";
/// The file in it whose lock says that a process needs it. The system lets go of the lock when the
/// process ends, however it ends.
const LOCK: &str = "lock";

/// A temporary directory that goes when it is dropped. What a killed process left behind goes when the
/// next one is made.
#[derive(Debug)]
pub(super) struct Directory {
    directory: TempDir,
    _lock: File,
}

impl Directory {
    /// Makes one, where temporary files belong on this machine.
    pub(super) async fn create() -> io::Result<Self> {
        let created = spawn_blocking(|| {
            let place = env::temp_dir();
            let created = Self::create_in(&place)?;
            sweep(&place, fs::metadata(created.path())?.uid());
            Ok(created)
        });
        created.await.map_err(io::Error::other)?
    }

    fn create_in(place: &Path) -> io::Result<Self> {
        let directory = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place)?;
        // It gets its name when it is locked: nobody finds it free.
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

/// Removes what is this user's and nobody needs any more.
fn sweep(place: &Path, user: u32) {
    for left in left_behind(place, user) {
        let removed = fs::remove_dir_all(&left);
        tracing::info!(path = %left.display(), ?removed, "a sandbox was left behind");
    }
}

/// Nothing of other users is opened: what they call a lock may be a pipe, which waits for ever.
fn left_behind(place: &Path, user: u32) -> Vec<PathBuf> {
    let is_own = |path: &PathBuf| {
        fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == user)
    };
    let entries = fs::read_dir(place).into_iter().flatten().flatten();
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
        let place = tempfile::tempdir().unwrap();
        let in_use = Directory::create_in(place.path()).unwrap();
        let left = Directory::create_in(place.path()).unwrap().directory.keep();
        let being_made = place.path().join(format!("{PREFIX}new"));
        let foreign = place.path().join("foreign");
        for path in [&being_made, &foreign] {
            fs::create_dir(path).unwrap();
        }
        fs::write(foreign.join(LOCK), "").unwrap();

        let user = fs::metadata(place.path()).unwrap().uid();
        sweep(place.path(), user + 1);
        assert!(left.exists(), "of somebody else");
        sweep(place.path(), user);
        assert!(!left.exists());
        assert!(in_use.path().exists() && being_made.exists() && foreign.exists());
    }

    #[test]
    fn a_directory_goes_when_it_is_dropped() {
        let place = tempfile::tempdir().unwrap();
        drop(Directory::create_in(place.path()).unwrap());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
