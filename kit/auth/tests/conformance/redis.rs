//! Two nodes with a Redis between them, and what becomes of it: it makes news faster, and nothing
//! depends on it.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use monban_auth::{
    AccessError, Auth, AuthOptions, EndReason, MasterKeys, Redis, SignInError, Store, StoreOptions,
    store::Signal,
};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    engine,
    nodes::{self, ISSUER, MASTER, Node, PASSWORD, rules},
    pace::{PATIENCE, within},
};

/// A node that hears nothing from Redis looks every second.
const SOON: Duration = Duration::from_secs(2);
const OVER: Result<(), AccessError> = Err(AccessError::Ended(EndReason::SignedOut));

/// A `redis-server` of one's own. It is ended with its test.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let probe = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = probe.local_addr().unwrap().port();
        drop(probe);
        Self {
            process: Self::run(port),
            port,
        }
    }

    fn run(port: u16) -> Child {
        let process = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--save",
                "",
                "--bind",
                "127.0.0.1",
            ])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::yield_now();
        }
        process
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn signal(&self, name: &str) {
        let asked = Command::new("kill")
            .args([&format!("-{name}"), &self.process.id().to_string()])
            .status();
        assert!(asked.unwrap().success());
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn start_again(&mut self) {
        self.process = Self::run(self.port);
    }

    async fn flush(&self) {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let () = redis::cmd("FLUSHALL")
            .query_async(&mut connection)
            .await
            .unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn two() -> (Node, Node, Server) {
    let (stage, server) = (engine::postgres().await, Server::start());
    let node = async || {
        let redis = Redis::open(&server.url(), false).unwrap();
        let options = StoreOptions {
            signal: Some(Arc::new(redis.clone())),
            ..StoreOptions::default()
        };
        let store = Store::open_with(&stage.url, options).await.unwrap();
        let master = MasterKeys::parse(MASTER).unwrap();
        let options = AuthOptions {
            redis: Some(redis),
            ..nodes::options()
        };
        let auth = Auth::new(store, master, ISSUER, options).await;
        Node::following(auth.unwrap())
    };
    let (one, other) = (node().await, node().await);
    // Until both listen, news waits for their next look.
    sleep(Duration::from_millis(200)).await;
    (one, other, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_is_heard_at_once() {
    let (stage, server) = (engine::postgres().await, Server::start());
    let options = || StoreOptions {
        signal: Some(Arc::new(Redis::open(&server.url(), false).unwrap())),
        ..StoreOptions::default()
    };
    let other = Store::open_with(&stage.url, options()).await.unwrap();
    let mut watch = other.watch().await.unwrap();
    // It looks when it begins; from then on it listens, too.
    assert_eq!(watch.next().await.unwrap(), Signal::PollDue);

    let store = Store::open_with(&stage.url, options()).await.unwrap();
    let master = MasterKeys::parse(MASTER).unwrap();
    let auth = Auth::new(store, master, ISSUER, nodes::options()).await;
    let one = Node::following(auth.unwrap());
    one.sign_up().await;
    // By its own look it would say that it was due: only a word says that something changed. A word
    // may be lost, so there are several.
    let heard = async {
        loop {
            let pair = one.sign_in().await.unwrap();
            one.auth.sign_out(&pair.refresh).await.unwrap();
            if watch.next().await.unwrap() == Signal::Changed {
                break;
            }
        }
    };
    timeout(PATIENCE, heard).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn away_paused_or_flushed_it_takes_no_revocation_along() {
    let (one, other, mut server) = two().await;
    let mut ended = vec![one.sign_up().await];
    one.auth.sign_out(&ended[0].refresh).await.unwrap();
    other.until_within(SOON, &ended[0], OVER).await;
    for trouble in ["flushed", "paused", "killed", "back"] {
        match trouble {
            "flushed" => server.flush().await,
            "paused" => server.signal("STOP"),
            "killed" => server.kill(),
            _ => server.start_again(),
        }
        let started = Instant::now();
        let pair = other.sign_in().await.unwrap();
        one.check(&pair).await.unwrap();
        one.auth.sign_out(&pair.refresh).await.unwrap();
        assert!(
            started.elapsed() < within(SOON),
            "{trouble}: {:?}",
            started.elapsed()
        );
        other.until_within(SOON, &pair, OVER).await;
        ended.push(pair);
        for pair in &ended {
            assert_eq!(one.check(pair).await, OVER, "{trouble}");
            assert_eq!(other.check(pair).await, OVER, "{trouble}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_are_counted_together() {
    let (one, other, mut server) = two().await;
    one.sign_up().await;
    let most = rules().attempts.failures;
    for number in 0..most {
        let node = if number % 2 == 0 { &one } else { &other };
        let refused = node.try_password("not the one, sorry").await;
        assert!(matches!(refused, Err(SignInError::InvalidCredentials)));
    }
    for node in [&one, &other] {
        let refused = node.try_password(PASSWORD).await;
        assert!(matches!(refused, Err(SignInError::TooManyFailures { .. })));
    }
    // Each has counted half of them itself.
    server.kill();
    one.try_password(PASSWORD).await.unwrap();
    let refused = one.try_password("not the one, sorry").await;
    assert!(matches!(refused, Err(SignInError::InvalidCredentials)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_success_forgives_what_other_nodes_have_counted() {
    let (one, other, _server) = two().await;
    one.sign_up().await;
    for _ in 0..2 {
        for _ in 1..rules().attempts.failures {
            let refused = one.try_password("not the one, sorry").await;
            assert!(matches!(refused, Err(SignInError::InvalidCredentials)));
        }
        other.try_password(PASSWORD).await.unwrap();
    }
}
