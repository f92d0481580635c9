//! The nodes under test, one database behind them, and kills.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, RwLock},
    time::Duration,
};

use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep, timeout},
};

use super::database::Database;
use crate::{
    app::{NAME, PASSWORD},
    postgres,
    process::Process,
};

/// Whose sessions are played: so many that in ten thousand schedules none has a hundred, and none of
/// theirs has to make way for another.
const ACCOUNTS: u64 = 128;
/// How long the previous generation is forgiven here. Long enough for a slow machine.
pub const WINDOW: Duration = Duration::from_secs(2);
/// A node that came back is left alone for so long: if it never wrote what it saw, no theft would be
/// noticed, and rightly so.
const LEFT_ALONE: Duration = Duration::from_secs(15);
/// A node that was killed is back within this time.
const BACK: Duration = Duration::from_secs(30);

/// Nodes on one database, with an account.
pub struct Fleet {
    pub engine: &'static str,
    pub database: Database,
    nodes: Vec<Arc<Node>>,
}

struct Node {
    process: Mutex<Process>,
    state: RwLock<State>,
}

struct State {
    /// `None` while it is down.
    address: Option<SocketAddr>,
    deaths: usize,
    killed_at: Option<Instant>,
}

/// A node between two deaths: what it saw and did not write dies with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub address: SocketAddr,
    node: usize,
    life: usize,
}

/// The address of the account that plays the schedule of that number.
pub fn owner(number: u64) -> String {
    format!("ann{}@example.com", number % ACCOUNTS)
}

impl Fleet {
    /// One node on a file of its own.
    pub async fn on_sqlite() -> Self {
        let node = Node::start(&[]).await;
        let data = node.process().data().to_owned();
        Self::of("SQLite", Database::in_file(&data).await, vec![node]).await
    }

    /// Two nodes on a new database.
    pub async fn on_postgresql() -> Self {
        let url = postgres::database().await;
        let shared = [
            ("MONBAN_DATABASE_URL", url.as_str()),
            ("MONBAN_MASTER_KEY", postgres::MASTER),
        ];
        let (one, other) = tokio::join!(Node::start(&shared), Node::start(&shared));
        let database = Database::at(&url).await;
        Self::of("two nodes on PostgreSQL", database, vec![one, other]).await
    }

    async fn of(engine: &'static str, database: Database, nodes: Vec<Arc<Node>>) -> Self {
        for number in 0..ACCOUNTS {
            let mut browser = nodes[0].process().browser();
            let email = owner(number);
            let form = [("name", NAME), ("email", &email), ("password", PASSWORD)];
            assert_eq!(browser.call("sign_up", &form).await.status, 200);
        }
        Self {
            engine,
            database,
            nodes,
        }
    }

    /// How many nodes there are.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// That node, or another while it is down. Waits while all are.
    pub async fn reach(&self, wanted: usize) -> Place {
        let near = (0..self.size()).map(|step| (wanted + step) % self.size());
        let find = async {
            loop {
                if let Some(place) = near.clone().find_map(|node| self.place(node)) {
                    return place;
                }
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(BACK, find).await.unwrap()
    }

    /// Waits until that node is up.
    pub async fn wait_for(&self, node: usize) -> Place {
        let up = async {
            loop {
                if let Some(place) = self.place(node) {
                    return place;
                }
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(BACK, up).await.unwrap()
    }

    /// Kills that node, and starts it again behind the caller's back. False if it was killed
    /// only just now.
    pub fn kill(&self, node: usize) -> bool {
        let node = Arc::clone(&self.nodes[node]);
        {
            let mut state = node.state.write().unwrap();
            let just_now = |at: Instant| at.elapsed() < LEFT_ALONE;
            if state.killed_at.is_some_and(just_now) || state.address.take().is_none() {
                return false;
            }
            state.killed_at = Some(Instant::now());
            state.deaths += 1;
        }
        spawn_blocking(move || {
            let mut process = node.process();
            process.kill();
            process.start_again();
            node.state.write().unwrap().address = Some(process.address);
        });
        true
    }

    /// Whether that node has not died since.
    pub fn lives(&self, place: Place) -> bool {
        self.nodes[place.node].state.read().unwrap().deaths == place.life
    }

    fn place(&self, node: usize) -> Option<Place> {
        let state = self.nodes[node].state.read().unwrap();
        state.address.map(|address| Place {
            address,
            node,
            life: state.deaths,
        })
    }
}

impl Node {
    async fn start(settings: &[(&str, &str)]) -> Arc<Self> {
        let window = format!("{}s", WINDOW.as_secs());
        let own = [
            ("MONBAN_REFRESH_WINDOW", window.as_str()),
            ("MONBAN_SIGN_UP_ATTEMPTS", "1000"),
            ("MONBAN_LOG", "warn,monban_axum::serve=info"),
        ];
        let process = Process::start(&[settings, &own].concat());
        Arc::new(Self {
            state: RwLock::new(State {
                address: Some(process.address),
                deaths: 0,
                killed_at: None,
            }),
            process: Mutex::new(process),
        })
    }

    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap()
    }
}
