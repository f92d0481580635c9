//! Refresh over HTTP on PostgreSQL, against pgbench with the conditional UPDATE that is its heart.

use std::{error::Error, fs, process::Command};

use sqlx::{Connection, PgConnection};

use crate::{
    Figure, Promise, median,
    postgres::{MASTER_KEY, Postgres, program},
    product::Product,
    refresh::{CLIENTS, ROUND, ROUNDS, refresh_all},
    report,
};

/// The part of the product's table that the UPDATE touches, with the same room on its pages.
const TABLE: &str = "CREATE TABLE sessions (
    id                 UUID   NOT NULL PRIMARY KEY,
    generation         BIGINT NOT NULL,
    rotated_at         BIGINT NOT NULL,
    generation_seen_at BIGINT,
    seen_at            BIGINT NOT NULL,
    idle_expires_at    BIGINT NOT NULL,
    ended_at           BIGINT,
    ip                 TEXT   NOT NULL,
    user_agent         TEXT   NOT NULL
) WITH (fillfactor = 80)";

/// Each client has a row of its own, and knows its generation.
const SCRIPT: &str = "\\set next :generation + 1
UPDATE sessions
SET generation = :next, rotated_at = 1800000000000 + :next, generation_seen_at = NULL,
    idle_expires_at = 1802592000000 + :next, seen_at = 1800000000000 + :next, ip = '127.0.0.1'
WHERE id = lpad(:client_id, 32, '0')::uuid AND generation = :generation AND ended_at IS NULL;
\\set generation :next
";

pub async fn measure() -> Figure {
    let postgres = Postgres::start()?;
    let url = postgres.database("monban").await?;
    let product = Product::start(&[
        MASTER_KEY,
        ("MONBAN_DATABASE_URL", &url),
        ("MONBAN_ARGON2_MEMORY", "64"),
    ])
    .await?;
    let mut sessions = Vec::new();
    for number in 0..CLIENTS {
        let [_, refresh] = product.sign_up(number).await?;
        sessions.push(refresh);
    }
    let raw = postgres.database("raw").await?;

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(pgbench(&raw).await?);
        ours.push(refresh_all(&product, &mut sessions).await?);
    }
    report(
        "refresh over HTTP on PostgreSQL, against pgbench's bare conditional UPDATE",
        median(ours),
        median(theirs),
        "per s",
        Promise::AtLeast(0.5),
    );
    Ok(())
}

async fn pgbench(url: &str) -> Result<f64, Box<dyn Error>> {
    let mut connection = PgConnection::connect(url).await?;
    start_over(&mut connection).await?;
    let (seconds, clients) = (ROUND.as_secs().to_string(), CLIENTS.to_string());
    let script = tempfile::NamedTempFile::new()?;
    fs::write(&script, SCRIPT)?;
    let mut command = Command::new(program("pgbench")?);
    command
        .args([
            "--no-vacuum",
            "--protocol=prepared",
            "--define=generation=0",
        ])
        .args(["--client", &clients, "--time", &seconds, "--file"])
        .arg(script.path())
        .arg(url);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let printed = String::from_utf8(output.stdout)?;
    let number = |start: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(start));
        line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok())
            .ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // Each of its UPDATEs found its row in the generation that it named.
    let moved: String = sqlx::query_scalar("SELECT sum(generation)::text FROM sessions")
        .fetch_one(&mut connection)
        .await?;
    let transactions = number("number of transactions actually processed: ")?;
    if format!("{transactions:.0}") != moved {
        return Err(format!("pgbench: {transactions} transactions moved {moved}").into());
    }
    Ok(number("tps = ")?)
}

async fn start_over(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("DROP TABLE IF EXISTS sessions")
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql(TABLE).execute(&mut *connection).await?;
    sqlx::query(
        "INSERT INTO sessions
         SELECT lpad(n::text, 32, '0')::uuid, 0, 0, NULL, 0, 0, NULL, '127.0.0.1', 'curl'
         FROM generate_series(0, $1 - 1) AS n",
    )
    .bind(i32::try_from(CLIENTS).unwrap_or_default())
    .execute(connection)
    .await?;
    Ok(())
}
