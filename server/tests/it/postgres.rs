//! PostgreSQL: a database on the server that tests share, or a server of one's own that may come
//! to harm.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use uuid::Uuid;

/// The master key of every node on PostgreSQL.
pub const MASTER: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A PostgreSQL server of one's own. It goes with its test.
pub struct Cluster {
    pub url: String,
    folder: PathBuf,
}

/// A new database on the PostgreSQL that `scripts/postgres.sh` keeps for tests.
pub async fn database() -> String {
    let server = run(&mut script(&["start"]));
    let name = format!("t_{}", Uuid::now_v7().simple());
    let admin = sqlx::PgPool::connect(&format!("{server}/postgres"))
        .await
        .unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&admin).await.unwrap();
    format!("{server}/{name}")
}

impl Cluster {
    pub fn start() -> Self {
        let name = format!("monban-test-postgres-{}", Uuid::now_v7().simple());
        let folder = env::temp_dir().join(name);
        let server = run(&mut on("start", &folder));
        Self {
            url: format!("{server}/postgres"),
            folder,
        }
    }

    /// Ends all its processes without a word to anybody, and starts it again on what is on its disk.
    pub fn restart_hard(&self) {
        run(&mut on("restart", &self.folder));
    }

    /// Stops the time of all its processes: connections stay open, and nothing answers.
    pub fn hang(&self) {
        run(&mut on("hang", &self.folder));
    }

    /// Lets the time go on.
    pub fn resume(&self) {
        run(&mut on("resume", &self.folder));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = on("stop", &self.folder).output();
    }
}

fn on(command: &str, folder: &Path) -> Command {
    let mut script = script(&[command]);
    script.arg(folder);
    script
}

fn script(arguments: &[&str]) -> Command {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres.sh");
    let mut command = Command::new(path);
    command.args(arguments);
    command
}

/// What it prints.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
