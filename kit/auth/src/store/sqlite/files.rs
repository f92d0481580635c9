//! The files of the database: for their owner only. Password hashes are in them, in whatever folder
//! they are.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, ErrorKind, Read},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// What SQLite puts beside the database. It gives them the mode of the database itself.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];
/// How a database begins.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// Why a file cannot be the database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseFileError {
    /// There is none, or there is nothing in it, and none is to be made.
    #[error("no database at {}", .0.display())]
    Absent(PathBuf),
    /// It is a folder, or something else that is no file.
    #[error("{path} is {what} and not a file", path = .0.display(), what = .1)]
    NoFile(PathBuf, &'static str),
    /// It is a file of another kind.
    #[error("{} is not a SQLite database", .0.display())]
    Foreign(PathBuf),
    /// It may be read at most.
    #[error("{path} is not writable by this user: {error}", path = .0.display(), error = .1)]
    NotWritable(PathBuf, io::Error),
    /// It cannot be looked at, or made.
    #[error("{path}: {error}", path = .0.display(), error = .1)]
    Io(PathBuf, io::Error),
}

/// Makes the file if it is not there and `create` allows it, and closes to others what they could
/// open. What is no database, or cannot be written, is left as it is: SQLite would read it, and leave
/// files beside it that nobody can write.
///
/// Before SQLite opens it in this process, as whoever closes a file lets go of every lock that the
/// process has on it.
pub(super) fn prepare(database: &Path, create: bool) -> Result<(), DatabaseFileError> {
    let fail = |error| DatabaseFileError::Io(database.to_owned(), error);
    match fs::metadata(database) {
        Ok(there) if there.is_dir() => {
            return Err(DatabaseFileError::NoFile(database.to_owned(), "a folder"));
        }
        Ok(there) if !there.is_file() => {
            return Err(DatabaseFileError::NoFile(database.to_owned(), "a device"));
        }
        Ok(there) if there.len() == 0 && !create => {
            return Err(DatabaseFileError::Absent(database.to_owned()));
        }
        Ok(_) => examine(database)?,
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(fail(error)),
        Err(_) if !create => return Err(DatabaseFileError::Absent(database.to_owned())),
        Err(_) => make(database).map_err(fail)?,
    }
    close_to_others(database);
    for suffix in BESIDE {
        let file = with_suffix(database, suffix);
        close_to_others(&file);
        open_to_owner(&file)?;
    }
    Ok(())
}

/// Whether nobody may write it any more, by its mode. Root may all the same. It is not opened for
/// that: see [`prepare`].
pub(super) fn look_at_mode(database: &Path) -> Result<(), DatabaseFileError> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    match fs::metadata(database) {
        Ok(there) if there.permissions().readonly() && !is_root => Err(
            DatabaseFileError::NotWritable(database.to_owned(), ErrorKind::PermissionDenied.into()),
        ),
        Err(error) => Err(DatabaseFileError::Io(database.to_owned(), error)),
        Ok(_) => Ok(()),
    }
}

/// Another process may be faster.
fn make(database: &Path) -> io::Result<()> {
    let mut new = OpenOptions::new();
    new.write(true).create_new(true).mode(0o600);
    match new.open(database) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Whether it may be written, and is a database or has nothing in it.
fn examine(database: &Path) -> Result<(), DatabaseFileError> {
    let fail = |error: io::Error| match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            DatabaseFileError::NotWritable(database.to_owned(), error)
        }
        _ => DatabaseFileError::Io(database.to_owned(), error),
    };
    let file = OpenOptions::new().read(true).write(true).open(database);
    let begin = begin_of(file.map_err(fail)?).map_err(fail)?;
    if begin.is_empty() || begin == HEADER {
        Ok(())
    } else {
        Err(DatabaseFileError::Foreign(database.to_owned()))
    }
}

fn begin_of(file: File) -> io::Result<Vec<u8>> {
    let mut begin = Vec::with_capacity(HEADER.len());
    file.take(HEADER.len() as u64).read_to_end(&mut begin)?;
    Ok(begin)
}

/// What others than its owner may do.
const OTHERS: u32 = 0o077;
/// What its owner has to do.
const OWNER: u32 = 0o600;

fn close_to_others(file: &Path) {
    let close = || {
        let mode = fs::metadata(file)?.permissions().mode();
        if mode & OTHERS != 0 {
            fs::set_permissions(file, Permissions::from_mode(mode & 0o700))?;
            tracing::warn!(file = %file.display(), "others could read it; now only its owner can");
        }
        Ok(())
    };
    match close() {
        Err(error) if error_is_absence(&error) => {}
        Err(error) => {
            tracing::warn!(%error, file = %file.display(), "others may read it: run chmod 600 on it");
        }
        Ok(()) => {}
    }
}

/// A version before left files beside a database that it could only read, and took that mode over.
fn open_to_owner(file: &Path) -> Result<(), DatabaseFileError> {
    let open = || {
        let mode = fs::metadata(file)?.permissions().mode();
        if mode & OWNER != OWNER {
            fs::set_permissions(file, Permissions::from_mode(mode & 0o700 | OWNER))?;
        }
        Ok(())
    };
    match open() {
        Err(error) if !error_is_absence(&error) => {
            Err(DatabaseFileError::NotWritable(file.to_owned(), error))
        }
        _ => Ok(()),
    }
}

fn error_is_absence(error: &io::Error) -> bool {
    error.kind() == ErrorKind::NotFound
}

fn with_suffix(database: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(suffix);
    name.into()
}
