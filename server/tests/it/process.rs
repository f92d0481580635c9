//! The real binary, as an operator starts it.

use std::{
    fs::{self, File},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, ExitStatus, Output},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::browser::Browser;

/// A running server of its own. It is ended with its test.
pub struct Process {
    pub address: SocketAddr,
    child: Child,
    data: TempDir,
    environment: Vec<(String, String)>,
}

/// Runs the binary to its end.
pub fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let data = tempfile::tempdir().unwrap();
    command(&data, environment)
        .args(arguments)
        .output()
        .unwrap()
}

impl Process {
    pub fn start(environment: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (child, address) = serve(&data, environment);
        let environment = environment
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            address,
            child,
            data,
            environment,
        }
    }

    /// Ends it as a crash does, and starts it again on what it left.
    pub fn crash(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let environment: Vec<_> = self
            .environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        (self.child, self.address) = serve(&self.data, &environment);
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.address, "http://localhost:3000".to_owned())
    }

    /// Everything that it has printed.
    pub fn log(&self) -> String {
        fs::read_to_string(self.data().join("log")).unwrap()
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Asks it to end, as service managers do.
    pub fn terminate(&mut self) -> ExitStatus {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server, and waits until it listens.
fn serve(data: &TempDir, environment: &[(&str, &str)]) -> (Child, SocketAddr) {
    let log = File::create(data.path().join("log")).unwrap();
    let mut child = command(data, environment)
        .env("MONBAN_LISTEN", "127.0.0.1:0")
        .env("MONBAN_LOG_FORMAT", "json")
        .env("MONBAN_ARGON2_MEMORY", "64")
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    loop {
        let text = fs::read_to_string(data.path().join("log")).unwrap();
        if let Some(address) = listening_on(&text) {
            return (child, address);
        }
        assert!(child.try_wait().unwrap().is_none(), "{text}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn command(data: &TempDir, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_monban"));
    // What a developer has set for a server of their own must not change a test.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MONBAN_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(data.path())
        .envs(environment.iter().copied());
    command
}

fn listening_on(log: &str) -> Option<SocketAddr> {
    log.lines().find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        line["fields"]["listen"].as_str()?.parse().ok()
    })
}
