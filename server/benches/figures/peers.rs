//! The peers in `peers/`: session check, sign-in and sign-up, each beside ours in the same run.

use std::{
    error::Error,
    io,
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures::future::try_join_all;
use tokio::time::Instant;

use crate::{
    Figure, Promise, compare,
    load::{self, wrk},
    median,
    postgres::{MASTER_KEY, Postgres},
    process::{Process, in_repository},
    product::{self, PASSWORD},
    report,
    wire::{Connection, PROBE, Response},
};

const ROUNDS: usize = 5;
const CLIENTS: usize = 16;
const ROUND: Duration = Duration::from_secs(4);
/// The settings of ours that a measurement changes: a queue of 16 at a hash each is no overload.
const SETTINGS: [(&str, &str); 2] = [("MONBAN_HASH_WAIT", "30s"), ("MONBAN_ACCESS_TTL", "1h")];

const A_PROCESS_A_CORE: (&str, &str) = ("WORKERS", "all");

pub async fn measure() -> Figure {
    println!(
        "Each hashes by its own default: ours and axum-login with argon2id (19 MiB, two passes), \
         better-auth with scrypt (N 16384, r 16: 32 MiB). {CLIENTS} clients sign in or up at a time."
    );
    on_sqlite().await?;
    on_postgres().await
}

async fn on_sqlite() -> Figure {
    let mut peers = vec![
        Peer::monban(&SETTINGS).await?,
        Peer::better_auth(None, &[]).await?,
        Peer::axum_login().await?,
    ];
    against_better_auth("on SQLite", &peers).await?;
    peers.push(Peer::better_auth(None, &[("COOKIE_CACHE", "1")]).await?);
    peers.push(Peer::better_auth(None, &[A_PROCESS_A_CORE]).await?);
    let checks = rates(&peers, Peer::check).await?;
    report(
        "session check, against axum-login on SQLite",
        checks[0],
        checks[2],
        "requests/s",
        Promise::AtLeast(3.0),
    );
    let costs = rates(&peers[..3], Peer::check_cost).await?;
    let cost = "processor time of a session check";
    compare(
        &format!("{cost}, better-auth on SQLite against ours"),
        costs[1],
        costs[0],
        "µs",
    );
    compare(
        &format!("{cost}, axum-login against ours"),
        costs[2],
        costs[0],
        "µs",
    );
    also("with its cookie cache, on SQLite", checks[0], checks[3]);
    also("with a process a core, on SQLite", checks[0], checks[4]);
    Ok(())
}

async fn on_postgres() -> Figure {
    let postgres = Postgres::start()?;
    let (url, theirs) = (
        postgres.database("monban").await?,
        postgres.database("better_auth").await?,
    );
    let settings = [
        SETTINGS[0],
        SETTINGS[1],
        MASTER_KEY,
        ("MONBAN_DATABASE_URL", &url),
    ];
    let mut peers = vec![
        Peer::monban(&settings).await?,
        Peer::better_auth(Some(&theirs), &[]).await?,
    ];
    against_better_auth("on PostgreSQL", &peers).await?;
    let theirs = postgres.database("better_auth_processes").await?;
    peers.push(Peer::better_auth(Some(&theirs), &[A_PROCESS_A_CORE]).await?);
    let checks = rates(&peers, Peer::check).await?;
    also("with a process a core, on PostgreSQL", checks[0], checks[2]);
    Ok(())
}

/// Ours is the first of the peers, better-auth the second.
async fn against_better_auth(place: &str, peers: &[Peer]) -> Figure {
    let pair = &peers[..2];
    let tell = |what: &str, rates: &[f64], bound| {
        report(
            &format!("{what}, against better-auth {place}"),
            rates[0],
            rates[1],
            "per s",
            Promise::AtLeast(bound),
        );
    };
    tell("session check", &rates(pair, Peer::check).await?, 60.0);
    tell("sign-in", &rates(pair, Peer::sign_in).await?, 2.0);
    tell("sign-up", &rates(pair, Peer::sign_up).await?, 2.0);
    Ok(())
}

fn also(variant: &str, ours: f64, theirs: f64) {
    let name = format!("session check, against better-auth {variant}");
    compare(&name, ours, theirs, "requests/s");
}

/// The median of each, in rounds that take turns. One round before them warms up.
async fn rates(
    peers: &[Peer],
    measure: impl AsyncFn(&Peer) -> Result<f64, Box<dyn Error>>,
) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut rates = vec![Vec::new(); peers.len()];
    for round in 0..=ROUNDS {
        for (peer, rates) in peers.iter().zip(&mut rates) {
            let rate = measure(peer).await?;
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    Ok(rates.into_iter().map(median).collect())
}

struct Peer {
    process: Process,
    api: Api,
    /// The session of its first account, as a header.
    session: String,
}

/// Where it takes what.
#[derive(Clone, Copy)]
struct Api {
    who_am_i: &'static str,
    sign_in: &'static str,
    sign_up: &'static str,
    json: bool,
}

impl Peer {
    async fn monban(settings: &[(&str, &str)]) -> Result<Self, Box<dyn Error>> {
        let api = Api {
            who_am_i: "/api/who_am_i",
            sign_in: "/api/sign_in",
            sign_up: "/api/sign_up",
            json: false,
        };
        Self::signed_in(product::start(settings).await?, api).await
    }

    /// On that database, or on an SQLite file of its own.
    async fn better_auth(
        url: Option<&str>,
        settings: &[(&str, &str)],
    ) -> Result<Self, Box<dyn Error>> {
        let api = Api {
            who_am_i: "/api/auth/get-session",
            sign_in: "/api/auth/sign-in/email",
            sign_up: "/api/auth/sign-up/email",
            json: true,
        };
        let process = Process::start("/api/auth/ok", |address, data| {
            let mut command = Command::new("node");
            command
                .arg(in_repository("peers/better-auth/server.mjs"))
                .env("NODE_ENV", "production");
            place(&mut command, address, data);
            command.envs(url.map(|url| ("DATABASE", url)));
            command.envs(settings.iter().copied());
            command
        });
        Self::signed_in(process.await?, api).await
    }

    async fn axum_login() -> Result<Self, Box<dyn Error>> {
        let api = Api {
            who_am_i: "/who_am_i",
            sign_in: "/sign_in",
            sign_up: "/sign_up",
            json: false,
        };
        let program = in_repository("peers/axum-login/target/release/peer-axum-login");
        let process = Process::start("/who_am_i", |address, data| {
            let mut command = Command::new(program);
            place(&mut command, address, data);
            command
        });
        Self::signed_in(process.await?, api).await
    }

    async fn signed_in(process: Process, api: Api) -> Result<Self, Box<dyn Error>> {
        let mut connection = Connection::open(process.address).await?;
        api.sign_up(&mut connection, "ann@example.com").await?;
        let response = api.sign_in(&mut connection).await?;
        let session = format!("Cookie: {}", response.cookies());
        Ok(Self {
            process,
            api,
            session,
        })
    }

    async fn check(&self) -> Result<f64, Box<dyn Error>> {
        wrk(self.process.address, self.api.who_am_i, &self.session).await
    }

    /// The processor time that a check takes the server, in microseconds.
    async fn check_cost(&self) -> Result<f64, Box<dyn Error>> {
        let before = self.process.worked()?;
        let checks = self.check().await? * load::SECONDS;
        let worked = self.process.worked()? - before;
        Ok(worked * 1e6 / checks)
    }

    async fn sign_in(&self) -> Result<f64, Box<dyn Error>> {
        self.flood(async |api: Api, connection: &mut Connection| api.sign_in(connection).await)
            .await
    }

    async fn sign_up(&self) -> Result<f64, Box<dyn Error>> {
        static ACCOUNTS: AtomicUsize = AtomicUsize::new(0);
        self.flood(async |api: Api, connection: &mut Connection| {
            let number = ACCOUNTS.fetch_add(1, Ordering::Relaxed);
            let email = format!("ann{number}@example.com");
            api.sign_up(connection, &email).await
        })
        .await
    }

    /// How many of those requests it answers in a second.
    async fn flood(
        &self,
        request: impl AsyncFn(Api, &mut Connection) -> io::Result<Response>,
    ) -> Result<f64, Box<dyn Error>> {
        let start = Instant::now();
        let client = async || {
            let (mut connection, mut count) = (Connection::open(self.process.address).await?, 0);
            while start.elapsed() < ROUND {
                request(self.api, &mut connection).await?;
                count += 1;
            }
            io::Result::Ok(count)
        };
        let counts = try_join_all((0..CLIENTS).map(|_| client())).await?;
        let total: u32 = counts.iter().sum();
        Ok(f64::from(total) / start.elapsed().as_secs_f64())
    }
}

impl Api {
    async fn sign_up(self, connection: &mut Connection, email: &str) -> io::Result<Response> {
        let fields = [("name", "Ann"), ("email", email), ("password", PASSWORD)];
        self.post(connection, self.sign_up, fields).await
    }

    async fn sign_in(self, connection: &mut Connection) -> io::Result<Response> {
        let fields = [("email", "ann@example.com"), ("password", PASSWORD)];
        self.post(connection, self.sign_in, fields).await
    }

    async fn post<const N: usize>(
        self,
        connection: &mut Connection,
        path: &str,
        fields: [(&str, &str); N],
    ) -> io::Result<Response> {
        let response = if self.json {
            let pairs =
                fields.map(|(name, value)| format!(r#""{name}":"{}""#, value.replace('+', " ")));
            let body = format!("{{{}}}", pairs.join(","));
            connection.post_json(path, &body).await?
        } else {
            let pairs = fields.map(|(name, value)| format!("{name}={}", value.replace('@', "%40")));
            connection.post(path, PROBE, &pairs.join("&")).await?
        };
        match response.status {
            200..300 => Ok(response),
            status => Err(io::Error::other(format!("{path} answered {status}"))),
        }
    }
}

/// Tells a peer its port and its database.
fn place(command: &mut Command, address: SocketAddr, data: &Path) {
    command
        .env("PORT", address.port().to_string())
        .env("DATABASE", data.join("peer.db"));
}
