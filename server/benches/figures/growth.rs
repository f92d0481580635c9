//! Refresh with a million accounts and five million sessions in the database, against an empty one.
//!
//! Only by name, because filling takes minutes.

use std::{error::Error, time::Duration};

use futures::future::try_join_all;
use sqlx::{AssertSqlSafe, Connection as _, Executor, PgConnection, SqliteConnection, raw_sql};
use tokio::time::Instant;

use crate::{
    Figure, Promise, median,
    postgres::{MASTER_KEY, Postgres},
    product::Product,
    report,
    wire::Connection,
};

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(5);
const CLIENTS: usize = 8;
/// Others who come between one client's sign-up and the next.
const OTHERS: i64 = 1_000_000 / 8;
const SESSIONS_EACH: i64 = 5;
const MEMORY: (&str, &str) = ("MONBAN_ARGON2_MEMORY", "64");

pub async fn measure() -> Figure {
    on_sqlite().await?;
    on_postgres().await
}

async fn on_sqlite() -> Figure {
    let mut empty = Side::start(&[MEMORY]).await?;
    let mut full = Side::start(&[MEMORY]).await?;
    let file = full.product.process.data().join("monban.db");
    let mut database = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await?;
    // For the filling alone: room for the indexes, and a database that may be lost.
    raw_sql("PRAGMA cache_size = -2000000; PRAGMA synchronous = OFF")
        .execute(&mut database)
        .await?;
    let start = Instant::now();
    for chunk in 0..CLIENTS {
        for side in [&mut empty, &mut full] {
            side.sign_up(chunk).await?;
        }
        for statement in SQLITE.fill(chunk)? {
            database.execute(raw_sql(AssertSqlSafe(statement))).await?;
        }
    }
    raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut database)
        .await?;
    database.close().await?;
    println!("SQLite filled in {} s", start.elapsed().as_secs());
    compare("on SQLite", &mut empty, &mut full).await
}

async fn on_postgres() -> Figure {
    let postgres = Postgres::start()?;
    let urls = [
        postgres.database("empty").await?,
        postgres.database("filled").await?,
    ];
    let [url, filled] = [&urls[0], &urls[1]].map(|url| ("MONBAN_DATABASE_URL", url.as_str()));
    let mut empty = Side::start(&[MEMORY, MASTER_KEY, url]).await?;
    let mut full = Side::start(&[MEMORY, MASTER_KEY, filled]).await?;
    let mut database = PgConnection::connect(&urls[1]).await?;
    let start = Instant::now();
    for chunk in 0..CLIENTS {
        for side in [&mut empty, &mut full] {
            side.sign_up(chunk).await?;
        }
        for statement in POSTGRES.fill(chunk)? {
            database.execute(raw_sql(AssertSqlSafe(statement))).await?;
        }
    }
    for settle in ["VACUUM ANALYZE", "CHECKPOINT"] {
        database.execute(raw_sql(settle)).await?;
    }
    println!("PostgreSQL filled in {} s", start.elapsed().as_secs());
    compare("on PostgreSQL", &mut empty, &mut full).await
}

async fn compare(place: &str, empty: &mut Side, full: &mut Side) -> Figure {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (without, with) = (empty.p99().await?, full.p99().await?);
        // The first round warms up.
        if round > 0 {
            before.push(without);
            after.push(with);
        }
    }
    report(
        &format!("p99 of a refresh with 1 M accounts and 5 M sessions, against none, {place}"),
        median(after),
        median(before),
        "µs",
        Promise::AtMost(1.5),
    );
    Ok(())
}

/// How an engine writes what the filling needs: the numbers from `{first}` to `{last}` as `n`, and
/// an id that follows from a time and a number.
struct Dialect {
    numbers: &'static str,
    id: fn(now: i64, number: &str) -> String,
}

const SQLITE: Dialect = Dialect {
    numbers: "WITH RECURSIVE numbers (n) AS
              (VALUES ({first}) UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})",
    id: |now, number| format!("unhex(printf('%012x%020x', {now}, {number}))"),
};

const POSTGRES: Dialect = Dialect {
    numbers: "WITH numbers (n) AS (SELECT generate_series({first}, {last}))",
    id: |now, number| {
        format!("(lpad(to_hex({now}), 12, '0') || lpad(to_hex({number}), 20, '0'))::uuid")
    },
};

impl Dialect {
    /// The statements for the accounts and sessions of one chunk. Like the product's own, their ids
    /// grow with time.
    fn fill(&self, chunk: usize) -> Result<[String; 2], Box<dyn Error>> {
        let (first, now) = (OTHERS * i64::try_from(chunk)?, now()?);
        let numbers = |first: i64, count: i64| {
            let last = (first + count - 1).to_string();
            let numbers = self.numbers.replace("{first}", &first.to_string());
            numbers.replace("{last}", &last)
        };
        let accounts = format!(
            "{numbers} INSERT INTO accounts (id, email, name, password_hash, created_at)
             SELECT {id}, 'person' || n || '@example.com', 'Person', '{HASH}', {now} FROM numbers",
            numbers = numbers(first, OTHERS),
            id = (self.id)(now, "n"),
        );
        let sessions = format!(
            "{numbers} INSERT INTO sessions
                 (id, account_id, generation, rotated_at, seen_at, persistence, created_at,
                  idle_expires_at, absolute_expires_at, ip, user_agent)
             SELECT {id}, {account}, 7, {now}, {now}, 'kept', {now},
                    {now} + 2592000000, {now} + 7776000000, '203.0.113.7', '{USER_AGENT}'
             FROM numbers",
            numbers = numbers(first * SESSIONS_EACH, OTHERS * SESSIONS_EACH),
            id = (self.id)(now, "n"),
            account = (self.id)(now, &format!("n / {SESSIONS_EACH}")),
        );
        Ok([accounts, sessions])
    }
}

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IG9yIG90aGVy$\
                    bm9ib2R5IHNpZ25zIGluIHdpdGggdGhpcyBoYXNoISEhISE";
const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// Milliseconds since 1970.
fn now() -> Result<i64, Box<dyn Error>> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(i64::try_from(now.as_millis())?)
}

/// A server and its clients' sessions.
struct Side {
    product: Product,
    sessions: Vec<String>,
}

impl Side {
    async fn start(settings: &[(&str, &str)]) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            product: Product::start(settings).await?,
            sessions: Vec::new(),
        })
    }

    async fn sign_up(&mut self, number: usize) -> Figure {
        let [_, refresh] = self.product.sign_up(number).await?;
        self.sessions.push(refresh);
        Ok(())
    }

    /// The time that 99 of 100 refreshes take at most, in microseconds.
    async fn p99(&mut self) -> Result<f64, Box<dyn Error>> {
        let (start, address) = (Instant::now(), self.product.address);
        let client = async |cookie: &mut String| {
            let (mut connection, mut times) = (Connection::open(address).await?, Vec::new());
            while start.elapsed() < ROUND {
                let asked = Instant::now();
                let answer = connection.post("/api/refresh", cookie, "").await?;
                times.push(asked.elapsed().as_secs_f64() * 1e6);
                *cookie = answer.cookie("__Host-monban_refresh")?;
            }
            std::io::Result::Ok(times)
        };
        let times = try_join_all(self.sessions.iter_mut().map(client)).await?;
        let mut times = times.concat();
        times.sort_by(f64::total_cmp);
        Ok(times[times.len() * 99 / 100])
    }
}
