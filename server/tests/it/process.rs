//! The real binary, as an operator starts it.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, PipeReader, pipe},
    iter,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, ExitStatus, Output},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::browser::Browser;

/// Hashing only takes time here, and everybody comes from one network.
const STANDARD: [(&str, &str); 4] = [
    ("MONBAN_LISTEN", "127.0.0.1:0"),
    ("MONBAN_LOG_FORMAT", "json"),
    ("MONBAN_ARGON2_MEMORY", "64"),
    ("MONBAN_SIGN_UP_ATTEMPTS", "0"),
];

const BINARY: &str = env!("CARGO_BIN_EXE_monban");

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
    command(BINARY, &data, environment)
        .args(arguments)
        .output()
        .unwrap()
}

impl Process {
    pub fn start(environment: &[(&str, &str)]) -> Self {
        Self::start_by(":", environment)
    }

    /// The same, after a shell has run that line: for limits that a process takes over.
    pub fn start_by(line: &str, environment: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (child, address) = serve(&data, line, environment);
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            address,
            child,
            data,
            environment: environment.iter().map(owned).collect(),
        }
    }

    /// One that may never come to serve: nobody waits for it to.
    pub fn begin(environment: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let child = spawn(&data, ":", environment);
        Self {
            address: ([127, 0, 0, 1], 0).into(),
            child,
            data,
            environment: Vec::new(),
        }
    }

    /// One whose log is a pipe. Whoever gets its other end reads it, or does not.
    pub fn start_piped(environment: &[(&str, &str)]) -> (Self, BufReader<PipeReader>) {
        let data = tempfile::tempdir().unwrap();
        let (log, writer) = pipe().unwrap();
        let child = command(BINARY, &data, &[&STANDARD, environment].concat())
            .stdout(writer.try_clone().unwrap())
            .stderr(writer)
            .spawn()
            .unwrap();
        let mut log = BufReader::new(log);
        let address = loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "it has ended");
            if let Some(address) = listening_on(&line) {
                break address;
            }
        };
        let process = Self {
            address,
            child,
            data,
            environment: Vec::new(),
        };
        (process, log)
    }

    /// Starts it once more after its end: with the same data and the same settings.
    pub fn start_again(&mut self) {
        let environment: Vec<_> = self
            .environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        (self.child, self.address) = serve(&self.data, ":", &environment);
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.address, "http://localhost:3000".to_owned())
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
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
        self.tell_to_stop();
        self.wait()
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// The same, and does not wait.
    pub fn tell_to_stop(&self) {
        self.signal("TERM");
    }

    /// Sends it that signal, such as `HUP`.
    pub fn signal(&self, name: &str) {
        let told = Command::new("kill")
            .args([format!("-{name}"), self.child.id().to_string()])
            .status();
        assert!(told.unwrap().success());
    }

    /// Ends it at once, in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // What it complained of belongs to a test that fails.
        if std::thread::panicking() {
            let log = fs::read_to_string(self.data().join("log")).unwrap_or_default();
            let complaints = log
                .lines()
                .filter(|line| line.contains("WARN") || line.contains("ERROR"));
            let complaints: Vec<_> = complaints.take(20).collect();
            eprintln!("the server's complaints:\n{}", complaints.join("\n"));
        }
    }
}

/// A port below those that the system gives out: nobody else takes it while nobody listens on it.
pub fn free_port() -> u16 {
    iter::repeat_with(|| rand::random_range(20_000..32_000))
        .find(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok())
        .unwrap()
}

/// Starts the server. Its log goes on in a file beside its data.
fn spawn(data: &TempDir, line: &str, environment: &[(&str, &str)]) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(data.path().join("log"))
        .unwrap();
    command("sh", data, &[&STANDARD, environment].concat())
        .args(["-c", &format!(r#"{line}; exec "$0""#), BINARY])
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// Starts the server, and waits until it listens.
fn serve(data: &TempDir, line: &str, environment: &[(&str, &str)]) -> (Child, SocketAddr) {
    let path = data.path().join("log");
    let before = fs::read(&path).map_or(0, |log| log.len());
    let mut child = spawn(data, line, environment);
    loop {
        let log = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&log[before..]);
        if let Some(address) = listening_on(&text) {
            break (child, address);
        }
        assert!(child.try_wait().unwrap().is_none(), "{text}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn command(program: &str, data: &TempDir, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
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
