//! A PostgreSQL of the bench's own, apart from the one of the tests, which may stop at any time.

use std::{
    error::Error,
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use sqlx::{Connection as _, Executor, PgConnection};

use crate::process::in_repository;

/// Any key will do, for a database that is gone in a minute.
pub const MASTER_KEY: (&str, &str) = (
    "MONBAN_MASTER_KEY",
    "bW9uYmFuIG1lYXN1cmVzIGl0cyBvd24gZmlndXJlcy4=",
);

pub struct Postgres {
    address: String,
}

impl Postgres {
    pub fn start() -> Result<Self, Box<dyn Error>> {
        // One that was left behind has old data.
        script("stop")?;
        let output = script("start")?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let address = String::from_utf8(output.stdout)?.trim().to_owned();
        Ok(Self { address })
    }

    /// Makes a database. Answers its address.
    pub async fn database(&self, name: &'static str) -> Result<String, Box<dyn Error>> {
        let mut server = PgConnection::connect(&self.address).await?;
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        server.execute(sqlx::raw_sql(create)).await?;
        Ok(format!("{}/{name}", self.address))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = script("stop");
    }
}

fn script(action: &str) -> std::io::Result<Output> {
    Command::new(in_repository("scripts/postgres.sh"))
        .arg(action)
        .arg(std::env::temp_dir().join("monban-bench-postgres"))
        .output()
}

/// A program of the newest PostgreSQL that is installed: Debian keeps them out of the PATH.
pub fn program(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let versions = fs::read_dir("/usr/lib/postgresql")?;
    let programs = versions.filter_map(|version| Some(version.ok()?.path().join("bin").join(name)));
    let newest = programs.filter(|program| program.exists()).max();
    Ok(newest.ok_or_else(|| format!("{name} is not installed"))?)
}
