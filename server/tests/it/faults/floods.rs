//! Floods from one client: connections that never read, sign-ups, and a log that nobody reads. Somebody
//! else is served meanwhile.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::report;
use crate::{
    app::{EMAIL, NAME, PASSWORD},
    connections::{ask, connect_from},
    logs::flood_log,
    process::Process,
    wire::{self, parse},
};

/// Who floods, and who does not.
const FLOODER: [u8; 4] = [127, 0, 0, 1];
const NEIGHBOUR: [u8; 4] = [127, 0, 0, 2];
/// Longer than a busy machine takes for anything here.
const PATIENCE: Duration = Duration::from_mins(2);

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_never_read_take_nobody_elses() {
    never_read(100, "20").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn eleven_hundred_connections_that_never_read_take_nobody_elses() {
    never_read(1100, "512").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ups_keeps_nobody_from_signing_in() {
    sign_ups(100).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_long_flood_of_sign_ups_keeps_nobody_from_signing_in() {
    sign_ups(2000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_hundred_thousand_requests_whose_log_nobody_reads_are_answered() {
    const REQUESTS: usize = 100_000;
    let (mut process, log) = Process::start_piped(&[]);
    let start = Instant::now();
    flood_log(process.address, REQUESTS).await;
    let took = start.elapsed();
    assert!(process.terminate().success());
    drop(log);
    report(&format!(
        "log unread: {REQUESTS} requests answered in {took:.1?}, and a clean stop"
    ));
}

/// One client opens that many connections, asks for document after document on each, and reads none.
async fn never_read(connections: usize, of_network: &str) {
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let environment = [
        ("MONBAN_MAX_CONNECTIONS_PER_NETWORK", of_network),
        ("MONBAN_WRITE_TIMEOUT", "2s"),
    ];
    let process = Process::start_by("ulimit -Sn 1024", &environment);
    let address = process.address;
    let (taken, closed) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let mut flood = JoinSet::new();
    for _ in 0..connections {
        let (taken, closed) = (Arc::clone(&taken), Arc::clone(&closed));
        flood.spawn(async move {
            let mut stream = connect_from(FLOODER, address).await.unwrap();
            let request = b"GET /api/openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(64);
            taken.fetch_add(1, Ordering::Relaxed);
            while stream.write_all(&request).await.is_ok() {}
            closed.fetch_add(1, Ordering::Relaxed);
        });
    }
    let (mut asked, mut slowest) = (0, Duration::ZERO);
    while closed.load(Ordering::Relaxed) < connections {
        let start = Instant::now();
        let mut neighbour = connect_from(NEIGHBOUR, address).await.unwrap();
        let status = timeout(PATIENCE, ask(&mut neighbour)).await;
        assert_eq!(status.unwrap(), Some(200), "the neighbour, after {asked}");
        (asked, slowest) = (asked + 1, slowest.max(start.elapsed()));
        sleep(Duration::from_millis(20)).await;
    }
    flood.join_all().await;
    assert_eq!(taken.load(Ordering::Relaxed), connections);
    let log = process.log();
    let warnings = log.matches("too many connections").count();
    assert!((1..10).contains(&warnings), "{warnings} warnings");
    report(&format!(
        "{connections} connections that never read: all closed by the server, {warnings} warnings; \
         {asked} requests of a neighbour answered meanwhile, the slowest in {slowest:.1?}"
    ));
}

/// That many sign-ups at once from one client, and a member who signs in meanwhile.
async fn sign_ups(many: usize) {
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let environment = [
        ("MONBAN_ARGON2_MEMORY", "4096"),
        ("MONBAN_MAX_CONNECTIONS_PER_NETWORK", "4096"),
    ];
    let process = Process::start(&environment);
    let address = process.address;
    let member = account(EMAIL);
    assert_eq!(post(address, "/api/v1/accounts", &member).await, Some(201));

    let over = Arc::<AtomicUsize>::default();
    let flood = tokio::spawn({
        let over = Arc::clone(&over);
        async move {
            let sign_up = |number| {
                let over = Arc::clone(&over);
                async move {
                    let new = account(&format!("{number}@example.com"));
                    let status = post(address, "/api/v1/accounts", &new).await;
                    over.fetch_add(1, Ordering::Relaxed);
                    status
                }
            };
            join_all((0..many).map(sign_up)).await
        }
    });
    let (mut sign_ins, mut slowest) = (0, Duration::ZERO);
    let who = format!(r#"{{"email":"{EMAIL}","password":"{PASSWORD}"}}"#);
    while over.load(Ordering::Relaxed) < many {
        let start = Instant::now();
        let status = post(address, "/api/v1/sessions", &who).await;
        assert_eq!(status, Some(201), "after {sign_ins}");
        (sign_ins, slowest) = (sign_ins + 1, slowest.max(start.elapsed()));
    }
    let answers = flood.await.unwrap();
    let counted = |status| {
        answers
            .iter()
            .filter(|answer| **answer == Some(status))
            .count()
    };
    let (made, busy) = (counted(201), counted(503));
    assert_eq!(made + busy, many, "{answers:?}");
    report(&format!(
        "{many} sign-ups at once: {made} made, {busy} asked to come back; \
         {sign_ins} sign-ins succeeded meanwhile, the slowest in {slowest:.1?}"
    ));
}

fn account(email: &str) -> String {
    format!(r#"{{"email":"{email}","password":"{PASSWORD}","name":"{NAME}"}}"#)
}

/// The status of the answer, `None` without one.
async fn post(address: SocketAddr, path: &str, body: &str) -> Option<u16> {
    let headers = [("content-type", "application/json")];
    let request = wire::request("POST", path, &headers, body);
    let exchange = async {
        let mut stream = connect_from(FLOODER, address).await.ok()?;
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.ok()?;
        Some(parse(&bytes)?.status)
    };
    timeout(PATIENCE, exchange).await.unwrap()
}
