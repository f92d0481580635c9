//! An account system on an empty database, and what tests do with it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use monban_auth::{
    AccessClaims, Auth, AuthOptions, Channel, Client, Clock, Email, EndReason, ManualClock,
    MasterKeys, Name, Password, Persistence, RefreshError, RefreshToken, Rules, Session, SessionId,
    SignIn, SignInError, SignUp, SignUpError, Store, Timestamp, TokenPair,
};
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

pub const ISSUER: &str = "https://app.example";
pub const PASSWORD: &str = "kettle orbit plum sandal";
pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_mins(1);
pub const HOUR: Duration = Duration::from_hours(1);
pub const DAY: Duration = Duration::from_hours(24);

/// A running account system with its own data and its own time.
pub struct Stage {
    pub auth: Auth,
    pub clock: Arc<ManualClock>,
    pub rules: Rules,
    data: Arc<TempDir>,
    store: Store,
}

/// The rules as shipped, but for hashing, which only takes time here.
pub fn rules() -> Rules {
    let mut rules = Rules::default();
    rules.hashing.memory_kib = 64;
    rules.hashing.iterations = 1;
    rules
}

#[expect(
    clippy::large_types_passed_by_value,
    reason = "a test says `Stage::with(rules)`, once"
)]
impl Stage {
    pub async fn new() -> Self {
        Self::with(rules()).await
    }

    pub async fn with(rules: Rules) -> Self {
        let data = Arc::new(tempfile::tempdir().unwrap());
        let start = Timestamp::from_millis(1_800_000_000_000);
        Self::open(rules, data, Arc::new(ManualClock::starting_at(start))).await
    }

    /// Another account system on the same data, as after a clean stop.
    pub async fn restart(self) -> Self {
        self.auth.write_behind().await.unwrap();
        self.crash().await
    }

    /// Another account system on the same data; what was only in memory is lost.
    pub async fn crash(self) -> Self {
        let Self {
            auth,
            clock,
            rules,
            data,
            ..
        } = self;
        drop(auth);
        Self::open(rules, data, clock).await
    }

    /// Another node on the same data.
    pub async fn beside(&self, rules: Rules) -> Auth {
        let (data, clock) = (Arc::clone(&self.data), Arc::clone(&self.clock));
        Self::open(rules, data, clock).await.auth
    }

    async fn open(rules: Rules, data: Arc<TempDir>, clock: Arc<ManualClock>) -> Self {
        let store = Store::open(&format!("sqlite://{}/monban.db", data.path().display()))
            .await
            .unwrap();
        let master = data.path().join("master.key");
        MasterKeys::create(&master).unwrap();
        let master = MasterKeys::read(&master).unwrap();
        let options = AuthOptions {
            rules,
            clock: clock.clone(),
            ..AuthOptions::default()
        };
        let auth = Auth::new(store.clone(), master, ISSUER, options)
            .await
            .unwrap();
        Self {
            auth,
            clock,
            rules,
            data,
            store,
        }
    }

    /// Takes the database away.
    pub async fn close(&self) {
        self.store.close().await;
    }

    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where its database and its master key are.
    pub fn data(&self) -> PathBuf {
        self.data.path().to_owned()
    }

    /// A new account, signed in.
    pub async fn member(&self, email: &str) -> TokenPair {
        self.sign_up(email, PASSWORD).await.unwrap()
    }

    pub async fn sign_up(&self, email: &str, password: &str) -> Result<TokenPair, SignUpError> {
        let new = SignUp {
            name: Name::parse("Ann").unwrap(),
            email: Email::parse(email).unwrap(),
            password: Password::parse(password).unwrap(),
        };
        self.auth.sign_up(new, &here()).await
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<TokenPair, SignInError> {
        self.sign_in_for(email, password, Persistence::Kept).await
    }

    /// Somebody signs in with what is no address.
    pub async fn sign_in_nobody(&self) -> Result<TokenPair, SignInError> {
        self.sign_in_for("nobody", PASSWORD, Persistence::Kept)
            .await
    }

    pub async fn sign_in_for(
        &self,
        email: &str,
        password: &str,
        persistence: Persistence,
    ) -> Result<TokenPair, SignInError> {
        let password = Password::parse(password).unwrap();
        let who = SignIn {
            email: Email::parse(email).ok(),
            password,
            persistence,
        };
        self.auth.sign_in(who, &here()).await
    }

    /// A new account that signs in by that channel.
    pub async fn member_by(&self, channel: Channel) -> TokenPair {
        let pair = self.member("ann@example.com").await;
        match channel {
            Channel::Cookies => pair,
            Channel::Bearer => self
                .sign_in_for("ann@example.com", PASSWORD, Persistence::Bearer)
                .await
                .unwrap(),
        }
    }

    pub async fn refresh(&self, pair: &TokenPair) -> Result<TokenPair, RefreshError> {
        self.refresh_by(Channel::Cookies, pair).await
    }

    pub async fn refresh_by(
        &self,
        channel: Channel,
        pair: &TokenPair,
    ) -> Result<TokenPair, RefreshError> {
        self.auth.refresh(&pair.refresh, channel, &here()).await
    }

    /// Why that refresh token is worth nothing any more.
    pub async fn ended(&self, refresh: &RefreshToken) -> EndReason {
        match self.auth.refresh(refresh, Channel::Cookies, &here()).await {
            Err(RefreshError::Ended(reason)) => reason,
            other => panic!("not over: {other:?}"),
        }
    }

    /// Where the pair's account is signed in: the pair's own session first.
    pub async fn list_sessions(&self, pair: &TokenPair) -> Vec<Session> {
        let page = self.auth.sessions().list(&pair.claims, None, 200).await;
        page.unwrap().sessions
    }

    /// A request arrives with the pair's access token.
    pub async fn visit(&self, pair: &TokenPair) -> Arc<AccessClaims> {
        self.auth.check_access(pair.access.expose()).await.unwrap()
    }

    /// The same, by that channel.
    pub async fn visit_by(&self, channel: Channel, pair: &TokenPair) -> Arc<AccessClaims> {
        let token = pair.access.expose();
        let checked = match channel {
            Channel::Cookies => self.auth.check_access(token).await,
            Channel::Bearer => self.auth.check_bearer_access(token).await,
        };
        checked.unwrap()
    }

    /// Changes the database behind the system's back.
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

    /// The session's audit, the oldest entry first: event and reason.
    pub async fn audit(&self, session: SessionId) -> Vec<(String, Option<String>)> {
        sqlx::query_as("SELECT event, reason FROM audit WHERE session_id = $1 ORDER BY at, id")
            .bind(session)
            .fetch_all(&self.database().await)
            .await
            .unwrap()
    }

    pub async fn database(&self) -> SqlitePool {
        let options = SqliteConnectOptions::new().filename(self.data.path().join("monban.db"));
        SqlitePool::connect_with(options).await.unwrap()
    }
}

/// The browser that everything here comes from.
pub fn here() -> Client {
    Client::new(
        "203.0.113.7".into(),
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0",
    )
}

/// An audit entry in short.
pub fn entry(event: &str, reason: &str) -> (String, Option<String>) {
    (
        event.to_owned(),
        (!reason.is_empty()).then(|| reason.to_owned()),
    )
}
