//! Why the server does not run.

use std::{io, net::SocketAddr, path::PathBuf};

use monban_auth::{AuthError, StoreError};

use crate::{master::MasterError, tls::TlsError};

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A proxy stands in front that the operator has not named.
    #[error("{0}")]
    UnnamedProxy(&'static str),
    /// The data directory cannot be made.
    #[error("{0}: {1}")]
    DataDirectory(String, io::Error),
    /// The address is taken or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// The master key cannot be had.
    #[error(transparent)]
    Master(#[from] MasterError),
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address of Redis is none.
    #[error("redis_url: {0}")]
    Redis(String),
    /// A command found no database where it was called.
    #[error("no database at {}; set data_dir to where the server has it", .0.display())]
    NoDatabase(PathBuf),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account system does not start.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// It was told twice to stop, and what was in memory could not be written.
    #[error("stopped at once, before everything was written")]
    CutOff,
    /// The server broke off.
    #[error(transparent)]
    Io(#[from] io::Error),
}
