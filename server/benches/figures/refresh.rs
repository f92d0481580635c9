//! Refresh over HTTP, against the conditional UPDATE that is its heart, alone through sqlx.

use std::{error::Error, str::FromStr, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::{task::JoinSet, time::Instant};

use crate::{Figure, Promise, median, product::Product, report, wire::Connection};

pub const ROUNDS: usize = 3;
pub const CLIENTS: usize = 32;
pub const ROUND: Duration = Duration::from_secs(4);

pub async fn measure() -> Figure {
    let product = Product::start(&[("MONBAN_ARGON2_MEMORY", "64")]).await?;
    let mut sessions = Vec::new();
    for number in 0..CLIENTS {
        let [_, refresh] = product.sign_up(number).await?;
        sessions.push(refresh);
    }
    let data = tempfile::tempdir()?;
    let raw = open_raw(&format!("sqlite://{}/raw.db", data.path().display())).await?;

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(update_raw(&raw).await?);
        ours.push(refresh_all(&product, &mut sessions).await?);
    }
    report(
        "refresh over HTTP, against the bare conditional UPDATE through sqlx",
        median(ours),
        median(theirs),
        "per s",
        Promise::AtLeast(0.3),
    );
    Ok(())
}

/// Each client renews its own session again and again, with what it was given last.
pub async fn refresh_all(
    product: &Product,
    sessions: &mut [String],
) -> Result<f64, Box<dyn Error>> {
    let (start, mut clients) = (Instant::now(), JoinSet::new());
    for (number, cookie) in sessions.iter().cloned().enumerate() {
        let mut connection = Connection::open(product.address).await?;
        clients.spawn(async move {
            let (mut cookie, mut count) = (cookie, 0_u32);
            while start.elapsed() < ROUND {
                let answer = connection.post("/api/refresh", &cookie, "").await?;
                cookie = answer.cookie("__Host-monban_refresh")?;
                count += 1;
            }
            Ok::<_, std::io::Error>((number, cookie, count))
        });
    }
    let mut total = 0;
    for client in clients.join_all().await {
        let (number, cookie, count) = client?;
        sessions[number] = cookie;
        total += count;
    }
    Ok(f64::from(total) / start.elapsed().as_secs_f64())
}

/// A database opened as the product opens its own.
async fn open_raw(url: &str) -> Result<SqlitePool, sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    sqlx::query("CREATE TABLE sessions (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL)")
        .execute(&pool)
        .await?;
    for id in 0..CLIENTS {
        sqlx::query("INSERT INTO sessions VALUES ($1, 0)")
            .bind(i64::try_from(id).unwrap_or_default())
            .execute(&pool)
            .await?;
    }
    Ok(pool)
}

async fn update_raw(pool: &SqlitePool) -> Result<f64, Box<dyn Error>> {
    let (start, mut clients) = (Instant::now(), JoinSet::new());
    for id in 0..CLIENTS {
        let (pool, id) = (pool.clone(), i64::try_from(id)?);
        clients.spawn(async move {
            let mut generation: i64 =
                sqlx::query_scalar("SELECT generation FROM sessions WHERE id = $1")
                    .bind(id)
                    .fetch_one(&pool)
                    .await?;
            let mut count = 0_u32;
            while start.elapsed() < ROUND {
                generation = sqlx::query_scalar(
                    "UPDATE sessions SET generation = generation + 1
                     WHERE id = $1 AND generation = $2 RETURNING generation",
                )
                .bind(id)
                .bind(generation)
                .fetch_one(&pool)
                .await?;
                count += 1;
            }
            Ok::<_, sqlx::Error>(count)
        });
    }
    let mut total = 0;
    for client in clients.join_all().await {
        total += client?;
    }
    Ok(f64::from(total) / start.elapsed().as_secs_f64())
}
