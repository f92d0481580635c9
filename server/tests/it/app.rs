//! A server of one's own: its own port, its own empty data, its own settings.

use std::{
    collections::BTreeMap,
    future::pending,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use axum_server::Handle;
use monban::LearnSettings;
use monban_auth::SystemClock;
use monban_axum::{
    Accounts, AppState, RunError,
    settings::{self, Settings, Sources},
};
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::{browser::Browser, forge::Forge};

pub const NAME: &str = "Ann Featherstone";
pub const EMAIL: &str = "ann@example.com";
pub const PASSWORD: &str = "kettle orbit plum sandal";

/// A running server. It ends with its test.
pub struct TestApp {
    pub address: SocketAddr,
    handle: Handle<SocketAddr>,
    server: JoinHandle<Result<(), RunError>>,
    data: TempDir,
}

/// Settings of a server that is about to start.
#[derive(Default)]
pub struct Setting(BTreeMap<String, String>);

impl TestApp {
    /// A server as shipped, but for hashing, which only takes time here.
    pub async fn start() -> Self {
        Setting::default().start().await
    }

    /// A server with another setting, by the name of its variable without `MONBAN_`.
    pub fn with(name: &str, value: &str) -> Setting {
        Setting::default().with(name, value)
    }

    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// A browser that was never here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.address, self.origin())
    }

    /// A browser in which a new account is signed in.
    pub async fn member(&self) -> Browser {
        let mut browser = self.browser();
        let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
        assert_eq!(browser.call("sign_up", &form).await.status, 200);
        browser
    }

    /// Another browser in which that account is signed in.
    pub async fn admit(&self) -> Browser {
        let mut browser = self.browser();
        assert_eq!(browser.sign_in(EMAIL, PASSWORD).await.status, 200);
        browser
    }

    /// Tokens with a genuine signature, whatever they say.
    pub async fn forge(&self) -> Forge {
        Forge::read(self.data.path()).await
    }

    /// Changes the database behind the server's back.
    pub async fn sql(&self, statement: &'static str) {
        sqlx::query(statement)
            .execute(&self.database().await)
            .await
            .unwrap();
    }

    /// What a query counts.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(&self.database().await)
            .await
            .unwrap()
    }

    /// The texts that a query finds.
    pub async fn texts(&self, query: &'static str) -> Vec<String> {
        sqlx::query_scalar(query)
            .fetch_all(&self.database().await)
            .await
            .unwrap()
    }

    /// Everything that anybody could have changed.
    pub async fn everything(&self) -> Vec<String> {
        self.texts(
            "SELECT hex(id) || email || name || password_hash || coalesce(disabled_at, '') FROM accounts
             UNION ALL SELECT hex(id) || generation || coalesce(ended_at, '') || ip FROM sessions
             UNION ALL SELECT hex(id) || event FROM audit",
        )
        .await
    }

    pub async fn database(&self) -> SqlitePool {
        let options = SqliteConnectOptions::new().filename(self.data.path().join("monban.db"));
        SqlitePool::connect_with(options).await.unwrap()
    }

    /// Tells the server to stop, and to wait that long for open requests.
    pub fn ask_to_stop(&self, within: Duration) {
        self.handle.graceful_shutdown(Some(within));
    }

    /// How the server ended.
    pub async fn ended(self) -> Result<(), RunError> {
        self.server.await.unwrap()
    }
}

impl Setting {
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(format!("MONBAN_{name}"), value.to_owned());
        self
    }

    pub async fn start(self) -> TestApp {
        self.start_app(monban::site).await
    }

    /// The same of another app than Monban's own.
    pub async fn start_app(
        self,
        site: impl FnOnce(Accounts, &LearnSettings) -> (Accounts, Router<AppState>) + Send + 'static,
    ) -> TestApp {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let data = tempfile::tempdir().unwrap();
        let mut environment = BTreeMap::from([
            (
                "MONBAN_BASE_URL".to_owned(),
                format!("http://localhost:{}", address.port()),
            ),
            (
                "MONBAN_DATA_DIR".to_owned(),
                data.path().display().to_string(),
            ),
            ("MONBAN_ARGON2_MEMORY".to_owned(), "64".to_owned()),
            ("MONBAN_ARGON2_ITERATIONS".to_owned(), "1".to_owned()),
        ]);
        environment.extend(self.0);
        let sources = Sources {
            environment,
            ..Sources::default()
        };
        let loaded = settings::load_with::<LearnSettings>(&sources).unwrap();

        let handle = Handle::new();
        let server = tokio::spawn({
            let handle = handle.clone();
            async move {
                let clock = Arc::new(SystemClock);
                let accounts = Accounts::open_by(loaded.settings, clock).await?;
                let (accounts, pages) = site(accounts, &loaded.own);
                accounts.serve_on(listener, pages, handle, pending()).await
            }
        });
        assert!(handle.listening().await.is_some(), "{:?}", server.await);
        TestApp {
            address,
            handle,
            server,
            data,
        }
    }
}

/// The settings of a server whose data is in that folder.
pub fn settings_in(data: &TempDir) -> Settings {
    let directory = data.path().to_str().unwrap();
    let sources = Sources::default().variable("MONBAN_DATA_DIR", directory);
    settings::load(&sources).unwrap().settings
}

/// Accounts in that folder, without a network.
pub async fn accounts_in(data: &TempDir) -> Accounts {
    let clock = Arc::new(SystemClock);
    Accounts::open_by(settings_in(data), clock).await.unwrap()
}
