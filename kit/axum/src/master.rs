//! The master key, from wherever the operator keeps it.

use std::{
    io,
    process::{ExitStatus, Output, Stdio},
    time::Duration,
};

use monban_auth::{MasterKeyError, MasterKeys, Store, StoreError};
use tokio::{process::Command, time::timeout};

use crate::settings::Settings;

/// A secret manager that has not answered by then does not.
const COMMAND_TIMEOUT: Duration = Duration::from_mins(1);

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// It cannot be read or made.
    #[error(transparent)]
    Key(#[from] MasterKeyError),
    /// The command did not run.
    #[error("master_key_command: {0}")]
    Command(io::Error),
    /// The command does not end.
    #[error("master_key_command: it printed no key within {} s", .0.as_secs())]
    CommandHung(Duration),
    /// The command failed.
    #[error("master_key_command: it ended with {0}")]
    CommandFailed(ExitStatus),
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
    if let Some(command) = settings.keys.master_key_command.get() {
        return from_command(command, COMMAND_TIMEOUT).await;
    }
    if let Some(key) = settings.keys.master_key.expose() {
        return Ok(MasterKeys::parse(key)?);
    }
    let path = &settings.keys.master_key_file;
    if !path.exists() {
        if !store.list_keys().await?.is_empty() {
            return Err(MasterError::Lost(path.display().to_string()));
        }
        if !settings.database.database_url.is_sqlite() {
            return Err(MasterError::NotGiven);
        }
        MasterKeys::create(path)?;
    }
    Ok(MasterKeys::read(path)?)
}

/// Runs it by the shell, as an operator writes it. Dropping the future ends it.
async fn from_command(command: &str, limit: Duration) -> Result<MasterKeys, MasterError> {
    let Output { status, stdout, .. } = timeout(limit, run(command))
        .await
        .map_err(|_| MasterError::CommandHung(limit))?
        .map_err(MasterError::Command)?;
    if !status.success() {
        return Err(MasterError::CommandFailed(status));
    }
    let text = String::from_utf8(stdout).map_err(|_| MasterError::CommandOutput)?;
    Ok(MasterKeys::parse(&text)?)
}

/// What it printed, and how it ended. What it has to say on standard error, the operator reads.
async fn run(command: &str) -> io::Result<Output> {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).kill_on_drop(true);
    shell.stdin(Stdio::null()).stdout(Stdio::piped());
    shell.spawn()?.wait_with_output().await
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    const LONG: Duration = Duration::from_mins(10);

    async fn fault(command: &str, limit: Duration) -> String {
        let error = from_command(command, limit).await.err();
        error.map(|error| error.to_string()).unwrap_or_default()
    }

    #[tokio::test]
    async fn what_a_command_prints_is_the_key() {
        let command = "printf 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\n' | cat";
        assert!(from_command(command, LONG).await.is_ok());
    }

    #[tokio::test]
    async fn a_command_that_prints_none_is_told_by_its_name() {
        for (command, said) in [
            ("exit 3", "it ended with exit status: 3"),
            ("kill -9 $$", "it ended with signal: 9 (SIGKILL)"),
            ("printf '\\377'", "what it printed is not UTF-8"),
        ] {
            let told = fault(command, LONG).await;
            assert_eq!(told, format!("master_key_command: {said}"));
        }
        assert!(
            fault("echo 1", LONG)
                .await
                .starts_with("the master key must")
        );
    }

    #[tokio::test]
    async fn a_command_that_hangs_is_given_up() {
        let told = fault("exec sleep 600", Duration::from_millis(50)).await;
        assert_eq!(told, "master_key_command: it printed no key within 0 s");
    }

    #[tokio::test]
    async fn a_command_that_nobody_waits_for_any_more_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let path = pid.display();
        let command = format!("echo $$ > {path}.new; mv {path}.new {path}; exec sleep 600");
        let waiting = tokio::spawn(async move { from_command(&command, LONG).await });
        let pid = loop {
            sleep(Duration::from_millis(10)).await;
            if let Ok(pid) = std::fs::read_to_string(&pid) {
                break pid;
            }
        };
        waiting.abort();
        let process = format!("/proc/{}/stat", pid.trim());
        let is_running = || {
            let stat = std::fs::read_to_string(&process).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z ")
        };
        while is_running() {
            sleep(Duration::from_millis(10)).await;
        }
    }
}
