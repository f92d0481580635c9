//! A server that was demoted takes no more writes, and keeps its connections.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use monban_auth::Store;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::Instant,
};

use crate::{servers::Postgres, suite};

/// Long enough on any machine.
const LONG: Duration = Duration::from_mins(1);

/// The one address of whichever server is the primary.
struct Address {
    port: u16,
    leads_to: Arc<AtomicU16>,
    cut: watch::Sender<()>,
}

impl Address {
    async fn start(leads_to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Self {
            port: listener.local_addr().unwrap().port(),
            leads_to: Arc::new(AtomicU16::new(leads_to)),
            cut: watch::Sender::new(()),
        };
        let (leads_to, cut) = (Arc::clone(&address.leads_to), address.cut.clone());
        tokio::spawn(async move {
            loop {
                let (mut client, _) = listener.accept().await.unwrap();
                let (port, mut cut) = (leads_to.load(Ordering::SeqCst), cut.subscribe());
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        address
    }

    fn lead_to(&self, port: u16) {
        self.leads_to.store(port, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_demoted_is_left_for_the_new_primary() {
    let primary = Postgres::start();
    let address = Address::start(primary.port).await;
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", address.port);
    let store = Store::open(&url).await.unwrap();
    suite::session(&store).await;
    let standby = primary.standby();

    address.lead_to(standby.port);
    address.cut.send(()).unwrap();
    let start = Instant::now();
    loop {
        let refused = many_write(&store).await;
        assert!(refused.iter().all(|(busy, _)| *busy), "{refused:?}");
        if refused.iter().any(|(_, said)| said.contains("read-only")) {
            break;
        }
        assert!(start.elapsed() < LONG, "{refused:?}");
    }

    // Its connections stay open.
    address.lead_to(primary.port);
    let start = Instant::now();
    while !many_write(&store).await.is_empty() {
        assert!(
            start.elapsed() < LONG,
            "it still writes to who takes no writes"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Writes on many connections at once. Answers what was refused: whether that may pass, and why.
async fn many_write(store: &Store) -> Vec<(bool, String)> {
    let mut writing = JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        writing.spawn(async move {
            let email = format!(
                "{number}-{}@example.com",
                monban_auth::AccountId::generate()
            );
            store
                .create_account(&suite::new_account(&email), None)
                .await
        });
    }
    let done = writing.join_all().await;
    let refused = done.into_iter().filter_map(Result::err);
    refused
        .map(|error| (error.is_busy(), error.to_string()))
        .collect()
}
