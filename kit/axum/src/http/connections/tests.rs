use std::{
    io::{self, ErrorKind},
    net::IpAddr,
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    time::{Instant, sleep},
};

use super::{
    Connections, Full, Limits,
    shed::Warning,
    stream::{Marked, Phase, TimedStream, Timeouts},
};

const SHORT: Duration = Duration::from_millis(100);
/// Longer than any test.
const LONG: Timeouts = Timeouts {
    head: Duration::from_hours(1),
    idle: Duration::from_hours(1),
    write: Duration::from_hours(1),
};

fn connections(total: usize, of_network: usize, trusted: &str) -> Connections {
    let limits = Limits {
        total,
        of_network,
        trusted_proxies: trusted.parse().into_iter().collect::<Arc<_>>(),
    };
    Connections::with(limits, LONG)
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn so_many_are_open_in_all_and_a_closed_one_makes_room() {
    let connections = connections(2, 10, "");
    let first = connections.enter(ip("203.0.113.1")).unwrap();
    let _second = connections.enter(ip("203.0.113.2")).unwrap();
    let third = connections.enter(ip("203.0.113.3"));
    assert_eq!(third.unwrap_err(), Full::InAll);
    drop(first);
    connections.enter(ip("203.0.113.3")).unwrap();
}

#[test]
fn so_many_are_open_from_one_network_and_others_have_their_own() {
    let connections = connections(100, 2, "");
    let _held = ["2001:db8:1:1::1", "2001:db8:1:1::2", "203.0.113.1"]
        .map(|address| connections.enter(ip(address)).unwrap());
    let third = connections.enter(ip("2001:db8:1:1:ffff::3"));
    assert_eq!(third.unwrap_err(), Full::OfNetwork);
    let _mapped = connections.enter(ip("::ffff:203.0.113.1")).unwrap();
    let third = connections.enter(ip("203.0.113.1"));
    assert_eq!(third.unwrap_err(), Full::OfNetwork);
    connections.enter(ip("2001:db8:1:2::1")).unwrap();
}

#[test]
fn many_networks_of_one_ipv6_site_are_bounded_together() {
    let connections = connections(100, 2, "");
    let held: Vec<_> = (0..8)
        .map(|network| {
            let address = format!("2001:db8:1:{network}::1");
            connections.enter(ip(&address)).unwrap()
        })
        .collect();
    let one_more = connections.enter(ip("2001:db8:1:8::1"));
    assert_eq!(one_more.unwrap_err(), Full::OfNetwork);
    connections.enter(ip("2001:db8:2::1")).unwrap();
    drop(held);
    assert!(connections.open().networks.is_empty(), "nothing is kept");
}

#[test]
fn named_proxies_count_in_all_only() {
    let connections = connections(5, 1, "10.0.0.0/8");
    let _held: Vec<_> = (0..5)
        .map(|_| connections.enter(ip("::ffff:10.0.0.1")).unwrap())
        .collect();
    assert_eq!(connections.enter(ip("10.0.0.1")).unwrap_err(), Full::InAll);
}

#[test]
fn a_flood_is_warned_of_once_a_minute_with_its_size() {
    let (mut warning, start) = (Warning::default(), Instant::now());
    assert_eq!(warning.count(start), Some(1));
    for second in 0..59 {
        assert_eq!(warning.count(start + Duration::from_secs(second)), None);
    }
    assert_eq!(warning.count(start + Duration::from_secs(60)), Some(60));
}

/// Both ends of a connection that holds 16 bytes on their way.
fn pair(timeouts: Timeouts) -> (DuplexStream, TimedStream<DuplexStream>, Phase) {
    let (client, server) = duplex(16);
    let phase = Phase::default();
    let server = TimedStream::new(server, timeouts, phase.clone(), None);
    (client, server, phase)
}

/// Serves one request, whose head has been read.
async fn serve(phase: &Phase, takes: Duration) {
    let service = tower::service_fn(move |(): ()| async move {
        sleep(takes).await;
        Ok::<_, ()>(())
    });
    let mut service = Marked::new(service, phase.clone());
    tower::Service::call(&mut service, ()).await.unwrap();
}

fn is_timeout<T>(outcome: io::Result<T>) -> bool {
    outcome.is_err_and(|error| error.kind() == ErrorKind::TimedOut)
}

#[tokio::test]
async fn a_new_connection_must_ask_within_the_time_for_heads() {
    let (_client, mut server, _) = pair(Timeouts {
        head: SHORT,
        ..LONG
    });
    let start = Instant::now();
    assert!(is_timeout(server.read_u8().await));
    assert!(start.elapsed() >= SHORT);
}

#[tokio::test]
async fn a_trickle_does_not_make_the_time_for_a_head_longer() {
    let (mut client, mut server, _) = pair(Timeouts {
        head: SHORT,
        ..LONG
    });
    let trickle = tokio::spawn(async move {
        let mut sent = 0;
        while client.write_all(b"x").await.is_ok() {
            sleep(SHORT / 10).await;
            sent += 1;
        }
        sent
    });
    let end = loop {
        if let Err(error) = server.read_u8().await {
            break error;
        }
    };
    assert_eq!(end.kind(), ErrorKind::TimedOut);
    drop(server);
    assert!(trickle.await.unwrap() > 0, "nothing came");
}

#[tokio::test]
async fn an_answered_connection_may_wait_for_longer_than_a_head_may_take() {
    let (mut client, mut server, phase) = pair(Timeouts {
        head: SHORT,
        ..LONG
    });
    client.write_all(b"G").await.unwrap();
    server.read_u8().await.unwrap();
    serve(&phase, Duration::ZERO).await;
    server.write_all(b"answer").await.unwrap();
    let next = async {
        sleep(3 * SHORT).await;
        client.write_all(b"G").await.unwrap();
    };
    let (read, ()) = tokio::join!(server.read_u8(), next);
    assert_eq!(read.unwrap(), b'G');
    assert!(
        is_timeout(server.read_u8().await),
        "a head has its time anew"
    );
}

#[tokio::test]
async fn an_answered_connection_is_not_idle_for_ever() {
    let (_client, mut server, phase) = pair(Timeouts {
        idle: SHORT,
        ..LONG
    });
    serve(&phase, Duration::ZERO).await;
    server.write_all(b"answer").await.unwrap();
    assert!(is_timeout(server.read_u8().await));
}

#[tokio::test]
async fn a_request_that_is_worked_on_has_the_time_of_requests() {
    let (_client, mut server, phase) = pair(Timeouts {
        head: SHORT,
        idle: SHORT,
        write: SHORT,
    });
    tokio::select! {
        biased;
        _ = async {
            tokio::task::yield_now().await;
            server.read_u8().await
        } => panic!("cut off"),
        () = serve(&phase, 3 * SHORT) => {}
    }
}

#[tokio::test]
async fn a_client_that_never_reads_is_cut_off_and_a_slow_one_is_not() {
    let timeouts = Timeouts {
        write: SHORT,
        ..LONG
    };
    let (_client, mut server, _) = pair(timeouts);
    assert!(is_timeout(server.write_all(&[0; 64]).await));

    let (mut client, mut server, _) = pair(Timeouts {
        write: 20 * SHORT,
        ..LONG
    });
    let reading = async {
        for _ in 0..64 {
            sleep(SHORT).await;
            client.read_u8().await.unwrap();
        }
    };
    let (written, ()) = tokio::join!(server.write_all(&[0; 64]), reading);
    written.unwrap();
}
