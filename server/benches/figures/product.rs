//! The product as a process: `dist/monban`.

use std::{error::Error, net::SocketAddr, path::Path, process::Command};

use crate::{
    process::{Process, in_repository},
    wire::{Connection, PROBE},
};

pub const PASSWORD: &str = "kettle+orbit+plum+sandal";

pub struct Product {
    pub address: SocketAddr,
    pub process: Process,
}

impl Product {
    pub async fn start(settings: &[(&str, &str)]) -> Result<Self, Box<dyn Error>> {
        let process = start(settings).await?;
        Ok(Self {
            address: process.address,
            process,
        })
    }

    /// Signs up a new account. Answers the cookies of its session: access, refresh.
    pub async fn sign_up(&self, number: usize) -> Result<[String; 2], Box<dyn Error>> {
        let body = format!("name=Ann&email=ann{number}%40example.com&password={PASSWORD}");
        let response = Connection::open(self.address)
            .await?
            .post("/api/sign_up", PROBE, &body)
            .await?;
        if response.status != 200 {
            return Err(format!("sign-up answered {}", response.status).into());
        }
        Ok([
            response.cookie("__Host-monban_access")?,
            response.cookie("__Host-monban_refresh")?,
        ])
    }

    /// Signs the account in as a native client. Answers the access token.
    pub async fn bearer(&self, number: usize) -> Result<String, Box<dyn Error>> {
        let password = PASSWORD.replace('+', " ");
        let body = format!(r#"{{"email":"ann{number}@example.com","password":"{password}"}}"#);
        let response = Connection::open(self.address)
            .await?
            .post_json("/api/v1/sessions", &body)
            .await?;
        let tokens: serde_json::Value = serde_json::from_str(&response.body)?;
        let access = tokens["access_token"].as_str();
        Ok(access.ok_or("sign-in gave no access token")?.to_owned())
    }
}

pub async fn start(settings: &[(&str, &str)]) -> Result<Process, Box<dyn Error>> {
    Process::start("/readyz", |address, data| command(address, data, settings)).await
}

fn command(address: SocketAddr, data: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(in_repository("dist/monban"));
    command
        .arg("serve")
        // Set while this was built, and no setting.
        .env("MONBAN_LISTEN", address.to_string())
        .env(
            "MONBAN_BASE_URL",
            format!("http://localhost:{}", address.port()),
        )
        .env("MONBAN_DATA_DIR", data)
        .env("MONBAN_LOG", "warn")
        .env("MONBAN_SIGN_UP_ATTEMPTS", "0")
        .envs(settings.iter().copied());
    command
}
