//! The product as a process: `dist/monban` on a free port, with its data in a temporary folder.

use std::{
    error::Error,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::time::sleep;

use crate::wire::Connection;

pub const PASSWORD: &str = "kettle+orbit+plum+sandal";

pub struct Product {
    pub address: SocketAddr,
    process: Child,
    _data: TempDir,
}

impl Product {
    pub async fn start(settings: &[(&str, &str)]) -> Result<Self, Box<dyn Error>> {
        let binary = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/monban");
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let data = tempfile::tempdir()?;
        let mut process = Command::new(binary)
            .arg("serve")
            // Set while this was built, and no setting.
            .env_remove("MONBAN_SITE")
            .env("MONBAN_LISTEN", address.to_string())
            .env(
                "MONBAN_BASE_URL",
                format!("http://localhost:{}", address.port()),
            )
            .env("MONBAN_DATA_DIR", data.path())
            .env("MONBAN_LOG", "warn")
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .spawn()?;
        while Connection::open(address).await.is_err() {
            if let Some(status) = process.try_wait()? {
                return Err(format!("monban did not start: {status}").into());
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(Self {
            address,
            process,
            _data: data,
        })
    }

    /// Signs up a new account. Answers the cookies of its session: access, refresh.
    pub async fn sign_up(&self, number: usize) -> Result<[String; 2], Box<dyn Error>> {
        let body = format!("name=Ann&email=ann{number}%40example.com&password={PASSWORD}");
        let response = Connection::open(self.address)
            .await?
            .post("/api/sign_up", "", &body)
            .await?;
        if response.status != 200 {
            return Err(format!("sign-up answered {}", response.status).into());
        }
        Ok([
            response.cookie("__Host-monban_access")?,
            response.cookie("__Host-monban_refresh")?,
        ])
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
