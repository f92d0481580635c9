//! A flood of sign-ins, against bare argon2 on all cores; and what everybody else feels of it.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use tokio::{
    task::{JoinSet, spawn_blocking},
    time::{Instant, sleep},
};

use crate::{
    Figure, Promise, median,
    product::{PASSWORD, Product},
    report,
    wire::{Connection, PROBE},
};

const ROUNDS: usize = 3;
const CLIENTS: usize = 16;
const ROUND: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

pub async fn measure() -> Figure {
    let product =
        Product::start(&[("MONBAN_HASH_WAIT", "30s"), ("MONBAN_ACCESS_TTL", "1h")]).await?;
    let [access, refresh] = product.sign_up(0).await?;
    let cookies = format!("{access}; {refresh}");

    let (mut ours, mut theirs, mut waits) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(spawn_blocking(verify_bare).await?);
        let flooding = Arc::new(AtomicBool::new(true));
        let felt = tokio::spawn(feel(
            Connection::open(product.address).await?,
            cookies.clone(),
            flooding.clone(),
        ));
        ours.push(flood(&product).await?);
        flooding.store(false, Ordering::Relaxed);
        waits.extend(felt.await??);
    }
    report(
        "sign-ins, against bare argon2 on all cores",
        median(ours),
        median(theirs),
        "per s",
        Promise::AtLeast(0.9),
    );
    waits.sort_by(f64::total_cmp);
    println!(
        "who am I during that flood: median {:.1} ms, p99 {:.1} ms, of {} requests",
        waits[waits.len() / 2],
        waits[waits.len() * 99 / 100],
        waits.len()
    );
    Ok(())
}

async fn flood(product: &Product) -> Result<f64, Box<dyn std::error::Error>> {
    let (start, mut clients) = (Instant::now(), JoinSet::new());
    for _ in 0..CLIENTS {
        let mut connection = Connection::open(product.address).await?;
        clients.spawn(async move {
            let (body, mut count) = (
                format!("email=ann0%40example.com&password={PASSWORD}"),
                0_u32,
            );
            while start.elapsed() < ROUND {
                let answer = connection.post("/api/sign_in", PROBE, &body).await?;
                if answer.status != 200 {
                    return Err(std::io::Error::other(format!(
                        "sign-in answered {}",
                        answer.status
                    )));
                }
                count += 1;
            }
            Ok(count)
        });
    }
    let mut total = 0;
    for client in clients.join_all().await {
        total += client?;
    }
    Ok(f64::from(total) / start.elapsed().as_secs_f64())
}

/// What one person with one request at a time feels, in milliseconds.
async fn feel(
    mut connection: Connection,
    cookies: String,
    flooding: Arc<AtomicBool>,
) -> std::io::Result<Vec<f64>> {
    let mut waits = Vec::new();
    while flooding.load(Ordering::Relaxed) {
        let asked = Instant::now();
        connection.get("/api/who_am_i", &cookies).await?;
        waits.push(asked.elapsed().as_secs_f64() * 1000.0);
        sleep(PAUSE).await;
    }
    Ok(waits)
}

#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn verify_bare() -> f64 {
    let password = PASSWORD.replace('+', " ");
    // The product's default costs are this library's: 19 MiB, two passes, one lane.
    let hash: PasswordHash = match Argon2::default().hash_password(password.as_bytes()) {
        Ok(hash) => hash,
        Err(_) => return 0.0,
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let start = std::time::Instant::now();
    let total: u32 = thread::scope(|scope| {
        let count = || {
            let mut count = 0;
            while start.elapsed() < ROUND {
                count += u32::from(
                    Argon2::default()
                        .verify_password(password.as_bytes(), &hash)
                        .is_ok(),
                );
            }
            count
        };
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(count)).collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .sum()
    });
    f64::from(total) / start.elapsed().as_secs_f64()
}
