//! A server as a process, on a free port, with its data in a temporary folder.

use std::{
    error::Error,
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::wire::Connection;

pub struct Process {
    pub address: SocketAddr,
    /// From its start to its first good answer.
    pub ready_in: Duration,
    child: Child,
    data: TempDir,
}

impl Process {
    /// `command` is told the server's address and folder. The server is ready once `path` is found.
    pub async fn start(
        path: &str,
        command: impl FnOnce(SocketAddr, &Path) -> Command,
    ) -> Result<Self, Box<dyn Error>> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let data = tempfile::tempdir()?;
        let mut command = command(address, data.path());
        let start = Instant::now();
        let mut server = Self {
            address,
            ready_in: Duration::ZERO,
            child: command.stdout(Stdio::null()).spawn()?,
            data,
        };
        while !server.answers(path).await {
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("{command:?} did not start: {status}").into());
            }
            sleep(Duration::from_millis(2)).await;
        }
        server.ready_in = start.elapsed();
        Ok(server)
    }

    async fn answers(&self, path: &str) -> bool {
        match Connection::open(self.address).await {
            Ok(mut connection) => (connection.get(path, "").await)
                .is_ok_and(|response| (200..500).contains(&response.status)),
            Err(_) => false,
        }
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// The processor time that it has used, in seconds. A neighbour on the machine slows a server down, but adds
    /// little to this.
    pub fn worked(&self) -> Result<f64, Box<dyn Error>> {
        const TICKS_A_SECOND: f64 = 100.0;
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // proc(5): after the name in brackets come the fields from the third; utime is the 14th.
        let (_, fields) = stat.rsplit_once(')').ok_or("/proc shows no name")?;
        let ticks = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(str::parse::<u32>);
        Ok(f64::from(ticks.sum::<Result<u32, _>>()?) / TICKS_A_SECOND)
    }

    /// What it holds in memory, in kilobytes.
    pub fn resident(&self) -> Result<f64, Box<dyn Error>> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = resident.and_then(|line| line.split_whitespace().next());
        Ok(kilobytes.ok_or("/proc shows no VmRSS")?.parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A path in the repository.
pub fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
