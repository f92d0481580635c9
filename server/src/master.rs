//! The master key, from wherever the operator keeps it.

use std::{io, process::Command};

use monban_auth::{MasterKeyError, MasterKeys, Store, StoreError};

use crate::settings::Settings;

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// It cannot be read or made.
    #[error(transparent)]
    Key(#[from] MasterKeyError),
    /// The command did not run.
    #[error("master_key_command: {0}")]
    Command(io::Error),
    /// The command failed.
    #[error("master_key_command: it ended with {0}")]
    CommandFailed(std::process::ExitStatus),
    /// What the command printed is no text.
    #[error("master_key_command: what it printed is not UTF-8")]
    CommandOutput,
    /// The database holds signing keys, and the master key is not where it should be.
    #[error(
        "{0} is missing, and the signing keys in the database rest under it. Put it back, or name the right place by master_key_file, master_key or master_key_command"
    )]
    Lost(String),
    /// Several nodes share the database, so none of them may make a master key of its own.
    #[error(
        "a master key is needed on PostgreSQL: give every node the same one by master_key_file, master_key or master_key_command; make one with: openssl rand -base64 32"
    )]
    NotGiven,
    /// The database does not say whether there are keys.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the master key: from the command if there is one, else from its setting, else from its
/// file. On SQLite the first start makes the file; where keys rest already, never.
pub async fn read(settings: &Settings, store: &Store) -> Result<MasterKeys, MasterError> {
    if let Some(command) = settings.master_key_command.get() {
        return from_command(command);
    }
    if let Some(key) = settings.master_key.expose() {
        return Ok(MasterKeys::parse(key)?);
    }
    let path = &settings.master_key_file;
    if !path.exists() {
        if !store.list_keys().await?.is_empty() {
            return Err(MasterError::Lost(path.display().to_string()));
        }
        if !settings.database_url.is_sqlite() {
            return Err(MasterError::NotGiven);
        }
        MasterKeys::create(path)?;
    }
    Ok(MasterKeys::read(path)?)
}

/// Runs it by the shell, as an operator writes it.
fn from_command(command: &str) -> Result<MasterKeys, MasterError> {
    let output = Command::new("sh")
        .args(["-c", command])
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(MasterError::Command)?;
    if !output.status.success() {
        return Err(MasterError::CommandFailed(output.status));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| MasterError::CommandOutput)?;
    Ok(MasterKeys::parse(&text)?)
}
