//! The files of the database: for their owner only. Password hashes are in them, in whatever folder
//! they are.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions, Permissions},
    io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// What SQLite puts beside the database. It gives them the mode of the database itself.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Makes the file if it is not there, and closes to others what they could open.
pub(super) fn protect(database: &Path) {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(database);
    // Whatever else is wrong, SQLite says when it opens it.
    drop(made);
    for suffix in BESIDE {
        let file = with_suffix(database, suffix);
        match close_to_others(&file) {
            Ok(false) => {}
            Ok(true) => {
                tracing::warn!(file = %file.display(), "others could read it; now only its owner can");
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(%error, file = %file.display(), "others may read it: run chmod 600 on it");
            }
        }
    }
}

/// What others than its owner may do.
const OTHERS: u32 = 0o077;

/// Whether it had to.
fn close_to_others(file: &Path) -> io::Result<bool> {
    let mode = fs::metadata(file)?.permissions().mode();
    if mode & OTHERS == 0 {
        return Ok(false);
    }
    fs::set_permissions(file, Permissions::from_mode(mode & 0o700))?;
    Ok(true)
}

fn with_suffix(database: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(suffix);
    name.into()
}
