//! Several nodes on one PostgreSQL: what one changes, the others know.

use std::{future::pending, pin::pin, sync::Arc, time::Duration};

use monban_auth::{
    AccessError, Actor, Auth, AuthOptions, Channel, Client, Clock, Email, EndReason,
    KeyChangeError, KeyState, KeyView, ManualClock, MasterKeys, Name, Password, Persistence,
    RefreshError, Role, Rules, SignIn, SignInError, SignUp, Store, SystemClock, Timestamp,
    TokenPair,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::{
    engine,
    given_up::until,
    pace::{PATIENCE, within},
};

pub const ISSUER: &str = "https://app.example";
pub const PASSWORD: &str = "kettle orbit plum sandal";
pub const MASTER: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
/// A change is promised to reach every node in this time.
const SOON: Duration = Duration::from_secs(1);

/// A node that follows what the others change.
pub struct Node {
    pub auth: Arc<Auth>,
    pub following: JoinHandle<()>,
}

impl Node {
    async fn start(url: &str) -> Self {
        Self::with_clock(url, Arc::new(SystemClock)).await
    }

    async fn with_clock(url: &str, clock: Arc<dyn Clock>) -> Self {
        Self::following(account_system(url, clock).await)
    }

    pub fn following(auth: Auth) -> Self {
        let auth = Arc::new(auth);
        let following = tokio::spawn({
            let auth = Arc::clone(&auth);
            async move { auth.follow().await }
        });
        Self { auth, following }
    }

    pub async fn sign_up(&self) -> TokenPair {
        let new = SignUp {
            name: Name::parse("Ann").unwrap(),
            email: Email::parse("ann@example.com").unwrap(),
            password: Password::parse(PASSWORD).unwrap(),
        };
        self.auth.sign_up(new, &here()).await.unwrap()
    }

    /// Signs in with the password of the account that is there.
    pub async fn sign_in(&self) -> Result<TokenPair, SignInError> {
        self.try_password(PASSWORD).await
    }

    pub async fn try_password(&self, password: &str) -> Result<TokenPair, SignInError> {
        let who = SignIn {
            email: Some(Email::parse("ann@example.com").unwrap()),
            password: Password::parse(password).unwrap(),
            persistence: Persistence::Kept,
        };
        self.auth.sign_in(who, &here()).await
    }

    pub async fn check(&self, pair: &TokenPair) -> Result<(), AccessError> {
        self.auth
            .check_access(pair.access.expose())
            .await
            .map(|_| ())
    }

    pub async fn refresh(&self, pair: &TokenPair) -> TokenPair {
        let refreshed = self
            .auth
            .refresh(&pair.refresh, Channel::Cookies, &here())
            .await;
        refreshed.unwrap()
    }

    /// Waits until that token is answered like that.
    async fn until(&self, pair: &TokenPair, expected: Result<(), AccessError>) {
        self.until_within(SOON, pair, expected).await;
    }

    /// The same, which is promised within that time.
    pub async fn until_within(
        &self,
        promised: Duration,
        pair: &TokenPair,
        expected: Result<(), AccessError>,
    ) {
        let start = Instant::now();
        while self.check(pair).await != expected {
            assert!(
                start.elapsed() < within(promised),
                "still {:?}",
                self.check(pair).await
            );
            sleep(Duration::from_millis(5)).await;
        }
    }
}

/// An account system that follows nobody.
pub async fn account_system(url: &str, clock: Arc<dyn Clock>) -> Auth {
    let store = Store::open(url).await.unwrap();
    let master = MasterKeys::parse(MASTER).unwrap();
    let mut rules = rules();
    rules.staleness = Duration::from_millis(300);
    let options = AuthOptions {
        rules,
        clock,
        ..AuthOptions::default()
    };
    Auth::new(store, master, ISSUER, options).await.unwrap()
}

pub async fn two() -> (Node, Node) {
    let stage = engine::postgres().await;
    (Node::start(&stage.url).await, Node::start(&stage.url).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_on_one_node_is_one_on_the_other() {
    let (one, other) = two().await;
    let pair = one.sign_up().await;
    other.check(&pair).await.unwrap();
    one.auth.sign_out(&pair.refresh).await.unwrap();
    other
        .until(&pair, Err(AccessError::Ended(EndReason::SignedOut)))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_reaches_the_next_token_and_the_old_one_is_stale_everywhere() {
    let (one, other) = two().await;
    let pair = one.sign_up().await;
    other.check(&pair).await.unwrap();
    let admin: Role = "admin".parse().unwrap();
    assert!(
        one.auth
            .roles()
            .grant(pair.claims.sub, &admin, Actor::Cli)
            .await
            .unwrap()
    );
    assert_eq!(one.check(&pair).await, Err(AccessError::Stale));
    other.until(&pair, Err(AccessError::Stale)).await;
    let fresh = other.refresh(&pair).await;
    assert_eq!(fresh.claims.roles, ["admin"]);
    one.check(&fresh).await.unwrap();
    other.check(&fresh).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_disabled_is_out_everywhere_and_back_once_enabled() {
    let (one, other) = two().await;
    let pair = one.sign_up().await;
    other.check(&pair).await.unwrap();
    assert!(
        one.auth
            .accounts()
            .disable(pair.claims.sub, Actor::Cli)
            .await
            .unwrap()
    );
    other
        .until(&pair, Err(AccessError::Ended(EndReason::AccountDisabled)))
        .await;
    assert!(
        one.auth
            .accounts()
            .enable(pair.claims.sub, Actor::Cli)
            .await
            .unwrap()
    );
    // The session stays over; the account may start another.
    sleep(Duration::from_millis(50)).await;
    assert_eq!(
        other.check(&pair).await,
        Err(AccessError::Ended(EndReason::AccountDisabled))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_rotate_and_retire_and_nobody_is_signed_out() {
    let (one, other) = two().await;
    let mut pair = one.sign_up().await;
    let first = one.auth.keys().list()[0].kid.clone();
    for _ in 0..2 {
        one.auth.keys().rotate(true, Actor::Cli).await.unwrap();
        let fresh = one.refresh(&pair).await;
        // At once, though the other node has not heard of the key yet.
        other.check(&fresh).await.unwrap();
        other.check(&pair).await.unwrap();
        pair = other.refresh(&fresh).await;
        one.check(&pair).await.unwrap();
    }
    let old = one.refresh(&pair).await;
    one.auth.keys().rotate(true, Actor::Cli).await.unwrap();
    let signed_before = old.claims.generation;
    assert!(one.auth.keys().retire(&first, Actor::Cli).await.unwrap());
    let kid = one.auth.keys().list()[2].kid.clone();
    assert!(one.auth.keys().retire(&kid, Actor::Cli).await.unwrap());
    // What the retired key signed proves nothing, and still renews.
    assert!(one.check(&old).await.is_err());
    let fresh = one.refresh(&old).await;
    assert_eq!(fresh.claims.generation, signed_before.next());
    other.check(&fresh).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_waits_can_be_told_to_sign_at_once() {
    let (one, other) = two().await;
    let first = one.auth.keys().list()[0].kid.clone();
    let waiting = one.auth.keys().rotate(false, Actor::Cli).await.unwrap();
    let signs_now = |node: &Node| {
        let keys = node.auth.keys().list();
        let signs = |key: &&KeyView| key.state == KeyState::Signing;
        keys.iter().find(signs).unwrap().kid.clone()
    };
    assert_eq!(signs_now(&one), first);
    assert!(matches!(
        one.auth.keys().rotate(false, Actor::Cli).await,
        Err(KeyChangeError::Waiting(kid)) if kid == waiting
    ));
    // The other node hears of it.
    assert_eq!(
        other.auth.keys().rotate(true, Actor::Cli).await.unwrap(),
        waiting
    );
    assert_eq!(signs_now(&other), waiting);
    let start = Instant::now();
    while signs_now(&one) != waiting {
        assert!(start.elapsed() < within(SOON));
        sleep(Duration::from_millis(5)).await;
    }
    // The next one follows it as any other.
    assert_ne!(
        one.auth.keys().rotate(true, Actor::Cli).await.unwrap(),
        waiting
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_hears_nothing_asks_the_database() {
    let (one, other) = two().await;
    let pair = one.sign_up().await;
    other.check(&pair).await.unwrap();
    other.following.abort();
    sleep(Duration::from_millis(400)).await;
    other.check(&pair).await.unwrap();
    let admin: Role = "admin".parse().unwrap();
    assert!(
        one.auth
            .roles()
            .grant(pair.claims.sub, &admin, Actor::Cli)
            .await
            .unwrap()
    );
    assert_eq!(other.check(&pair).await, Err(AccessError::Stale));
    let pair = one.refresh(&pair).await;
    other.check(&pair).await.unwrap();
    one.auth.sign_out(&pair.refresh).await.unwrap();
    assert_eq!(
        other.check(&pair).await,
        Err(AccessError::Ended(EndReason::SignedOut))
    );
}

/// Longer than the window within which tabs may race.
const APART: Duration = Duration::from_secs(45);

#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_race_over_nodes_whose_clocks_are_apart_stay_signed_in() {
    let stage = engine::postgres().await;
    let apart = ManualClock::starting_at(SystemClock.now() + APART);
    let one = Node::start(&stage.url).await;
    let other = Node::with_clock(&stage.url, Arc::new(apart)).await;
    let pair = one.sign_up().await;
    let fresh = one.refresh(&pair).await;
    one.check(&fresh).await.unwrap();
    one.auth.write_behind().await.unwrap();
    let again = other.refresh(&pair).await;
    assert_eq!(again.claims.generation, fresh.claims.generation);
    let drift = other
        .auth
        .now()
        .since(one.auth.now())
        .max(one.auth.now().since(other.auth.now()));
    assert!(drift < APART / 2, "{drift:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nothing_changes_a_node_stays_in_sync() {
    let stage = engine::postgres().await;
    let node = Node::start(&stage.url).await;
    let silence = || node.auth.unheard_for();
    let mut nothing = pin!(pending::<()>());
    // Nobody changes anything, so whatever ends a silence is the watch's own beat.
    for _ in 0..2 {
        until(nothing.as_mut(), async || {
            silence() > Duration::from_millis(300)
        })
        .await;
        until(nothing.as_mut(), async || {
            silence() < Duration::from_millis(300)
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nothing_changes_a_node_goes_by_the_databases_clock() {
    let stage = engine::postgres().await;
    let clock = Arc::new(ManualClock::starting_at(SystemClock.now()));
    let node = Node::with_clock(&stage.url, clock.clone()).await;
    let drift = || SystemClock.now().since(node.auth.now());
    // Behind, and not ahead: time itself would make up for that.
    clock.set_back(APART);
    let mut nothing = pin!(pending::<()>());
    until(nothing.as_mut(), async || drift() < APART / 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_nodes_that_start_together_one_makes_the_key() {
    let stage = engine::postgres().await;
    let (a, b, c) = tokio::join!(
        Node::start(&stage.url),
        Node::start(&stage.url),
        Node::start(&stage.url)
    );
    let keys = [&a, &b, &c].map(|node| node.auth.keys().list());
    assert!(
        keys.iter()
            .all(|one| one.len() == 1 && one[0].kid == keys[0][0].kid)
    );
    let pair = a.sign_up().await;
    b.check(&pair).await.unwrap();
    c.check(&pair).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_master_key_stops_the_start_and_changes_nothing() {
    let stage = engine::postgres().await;
    let node = Node::start(&stage.url).await;
    let kid = node.auth.keys().list()[0].kid.clone();
    let wrong = MasterKeys::parse("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap();
    let store = Store::open(&stage.url).await.unwrap();
    let refused = Auth::new(store, wrong, ISSUER, options()).await;
    assert!(refused.unwrap_err().to_string().contains(&kid));
    assert_eq!(node.auth.keys().list().len(), 1);
    assert!(node.auth.now() > Timestamp::default());
}

/// A node by the clock of this machine, with these rules.
pub fn options() -> AuthOptions {
    AuthOptions {
        rules: rules(),
        ..AuthOptions::default()
    }
}

/// The rules as shipped, but for hashing, which only takes time here.
pub fn rules() -> Rules {
    let mut rules = Rules::default();
    rules.hashing.memory_kib = 64;
    rules.hashing.iterations = 1;
    rules
}

pub fn here() -> Client {
    Client::new("203.0.113.7".into(), "Mozilla/5.0")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_freezes_in_a_write_keeps_its_rows_from_nobody_for_long() {
    let stage = engine::postgres().await;
    let (one, other) = (Node::start(&stage.url).await, Node::start(&stage.url).await);
    let admin = sqlx::PgPool::connect(&stage.url).await.unwrap();
    let (first, second) = (one.sign_up().await, one.sign_in().await.unwrap());
    for pair in [&first, &second] {
        one.check(pair).await.unwrap();
    }

    // It has written the first session's row and waits for the second's, which somebody holds.
    let mut holder = admin.begin().await.unwrap();
    lock(&mut holder, &second).await.unwrap();
    let mut write = Box::pin(one.auth.write_behind());
    until(write.as_mut(), async || count(&admin, WAITS).await == 1).await;
    // It freezes, so it never hears that it may go on: its transaction stays open.
    holder.rollback().await.unwrap();
    let start = Instant::now();
    while count(&admin, HOLDS).await == 0 {
        assert!(start.elapsed() < PATIENCE, "nothing is held");
        sleep(Duration::from_millis(5)).await;
    }
    let mut another = admin.begin().await.unwrap();
    let refused = lock(&mut another, &first).await.unwrap_err();
    let code = refused.as_database_error().unwrap().code().unwrap();
    assert_eq!(code, "55P03", "the row is held");
    another.rollback().await.unwrap();

    let renewed = loop {
        match other
            .auth
            .refresh(&first.refresh, Channel::Cookies, &here())
            .await
        {
            Ok(renewed) => break renewed,
            Err(RefreshError::Auth(_)) => assert!(start.elapsed() < PATIENCE, "held for good"),
            Err(over) => panic!("{over}"),
        }
    };
    other.check(&renewed).await.unwrap();
    drop(write);
}

/// Who waits for a row of a session, and who holds one and does nothing.
const WAITS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
     AND wait_event_type = 'Lock' AND query LIKE 'UPDATE sessions%'";
const HOLDS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
     AND state = 'idle in transaction' AND query LIKE 'UPDATE sessions%'";

async fn count(admin: &sqlx::PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(admin).await.unwrap()
}

/// Locks the session's row, unless somebody else has.
async fn lock(holder: &mut sqlx::PgConnection, pair: &TokenPair) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT FROM sessions WHERE id = $1 FOR UPDATE NOWAIT")
        .bind(pair.session.id)
        .execute(holder)
        .await
        .map(drop)
}
