//! What both engines run. Each statement is prepared once on the one connection, and kept.

use monban_auth::{
    AccountId, EndReason, SessionId, Timestamp,
    store::{Rotation, What},
};
use sqlx::{Connection, Database, migrate::Migrator};
use uuid::Uuid;

use super::{
    super::{
        ACCOUNTS_CHANGED_SINCE, ADD_KEY, CHANGE_ROLES, CREATE_ACCOUNT, DAY, END_SESSION,
        ENDED_SINCE, FIND_ACCOUNT, FIND_CREDENTIALS, LIST_KEYS, LIVE_SESSIONS, MIGRATIONS, NOW,
        PURGE_AUDIT, PURGE_SESSIONS, RECORD, Row, SET_DISABLED, START_SESSION, WRITE_SIGHTING,
    },
    Db, checksum, find, migrations, rotate,
};
use crate::{
    engine::{Empty, Stage},
    suite::ended_since,
};

pub async fn run_on(empty: Empty) {
    let mut node = Node::start(&empty.url).await;
    let theirs = node.sign_up().await;
    // Everything is prepared before the schema moves.
    node.ask_everything(theirs).await;
    let ended_before = node.sign_up().await;
    assert!(node.end(ended_before).await);

    let stage = empty.open().await;
    let ended_here = ended_since(&stage.store, Timestamp::from_millis(NOW)).await;
    assert_eq!(ended_here, [(id(ended_before.1), EndReason::Revoked)]);
    node.ask_everything(theirs).await;
    account_changes_are_recorded(&stage, theirs).await;
    let new = node.sign_up().await;
    node.ask_everything(new).await;
    sessions_are_shared(&stage, &mut node, theirs, new).await;

    let mut node = Node::start(&stage.url).await;
    node.ask_everything(theirs).await;
    let newest = node.sign_up().await;
    sessions_are_shared(&stage, &mut node, theirs, newest).await;
}

/// What it changed about an account, and that it added a key, is known to a node of this version.
async fn account_changes_are_recorded(stage: &Stage, (account, _): Ids) {
    let changes = stage.store.changes_since(Timestamp::from_millis(0)).await;
    let changes: Vec<_> = changes.unwrap().into_iter().map(|one| one.what).collect();
    assert!(changes.contains(&What::KeysChanged));
    let of_account = |disabled| {
        changes.iter().any(|what| {
            matches!(*what, What::AccountChanged { account: of, disabled: is, .. }
                if Uuid::from(of) == account && is == disabled)
        })
    };
    assert!(of_account(true) && of_account(false));
}

/// Either renews the sessions of the other, and sees what the other has ended.
async fn sessions_are_shared(stage: &Stage, node: &mut Node, kept: Ids, ended: Ids) {
    let row = async |(_, session): Ids| {
        let found = stage.store.find_session(id(session)).await;
        found.unwrap().unwrap()
    };
    let before = row(kept).await.generation;
    assert!(node.rotate(kept.1, before.get()).await);
    let from = row(kept).await.generation;
    assert_eq!(from, before.next());
    let rotation = Rotation {
        session: id(kept.1),
        from,
        to: from.next(),
        at: Timestamp::from_millis(NOW),
        idle_expires_at: Timestamp::from_millis(NOW + DAY),
        ip: "203.0.113.9".to_owned(),
    };
    assert!(stage.store.rotate(rotation).await.unwrap());
    let moved = node.find(kept.1).await.unwrap();
    assert_eq!(moved.generation, from.next().get());

    assert_eq!(row(ended).await.ended_at, None);
    assert!(node.end(ended).await);
    let ended_here = ended_since(&stage.store, Timestamp::from_millis(NOW)).await;
    assert!(ended_here.contains(&(id(ended.1), EndReason::Revoked)));
    assert_eq!(row(ended).await.end_reason, Some(EndReason::Revoked));

    let (account, session) = node.sign_up().await;
    let at = Timestamp::from_millis(NOW);
    let account_id: AccountId = serde_json::from_value(account.to_string().into()).unwrap();
    let done = stage
        .store
        .end_session(account_id, id(session), EndReason::SignedOut, at);
    assert!(done.await.unwrap());
    assert!(node.ended().await.contains(&session));
    assert!(!node.rotate(session, 1).await);
}

/// An account and its session.
type Ids = (Uuid, Uuid);

fn id(session: Uuid) -> SessionId {
    session.to_string().parse().unwrap()
}

/// A row of the signing keys: id, algorithm, the one before, sealed, published, signs, retired.
type KeyRow = (String, String, String, Vec<u8>, i64, i64, Option<i64>);

struct Node {
    connection: <Db as Database>::Connection,
}

impl Node {
    /// Starts it: it runs the migrations that it knows, and looks whether it knows enough.
    async fn start(url: &str) -> Self {
        let mut connection = <Db as Database>::Connection::connect(url).await.unwrap();
        let known: Vec<_> = migrations()
            .iter()
            .filter(|one| MIGRATIONS.iter().any(|(known, ..)| *known == one.version))
            .cloned()
            .collect();
        for (known, one) in MIGRATIONS.into_iter().zip(&known) {
            let edited = "a released migration was edited";
            assert_eq!(one.version, known.0, "{edited}");
            assert_eq!(one.checksum[..4], checksum(known), "{edited}");
        }
        let mut known = Migrator::with_migrations(known);
        known.set_ignore_missing(true).set_locking(false);
        known.run(&mut connection).await.unwrap();
        let floor = sqlx::query_scalar("SELECT max(migration) FROM schema_floor");
        let floor: i64 = floor.fetch_one(&mut connection).await.unwrap();
        assert!(
            known.version_exists(floor),
            "it does not start any more: let a later version be the one before"
        );
        Self { connection }
    }

    /// Makes an account with a session, as a sign-up did. Answers their ids.
    async fn sign_up(&mut self) -> Ids {
        let (account, session) = (Uuid::now_v7(), Uuid::now_v7());
        sqlx::query(CREATE_ACCOUNT)
            .bind(account)
            .bind(format!("{account}@example.com"))
            .bind("Ann")
            .bind("hash")
            .bind("")
            .bind(NOW)
            .execute(&mut self.connection)
            .await
            .unwrap();
        sqlx::query(START_SESSION)
            .bind(session)
            .bind(account)
            .bind(1_i64)
            .bind(NOW)
            .bind(NOW)
            .bind("kept")
            .bind(NOW)
            .bind(NOW + DAY)
            .bind(NOW + DAY * 2)
            .bind("203.0.113.7")
            .bind("Mozilla/5.0")
            .execute(&mut self.connection)
            .await
            .unwrap();
        self.record(account, session).await;
        (account, session)
    }

    async fn find(&mut self, session: Uuid) -> Option<Row> {
        find(&mut self.connection, session).await
    }

    async fn rotate(&mut self, session: Uuid, from: i64) -> bool {
        rotate(&mut self.connection, session, from).await
    }

    async fn end(&mut self, (account, session): Ids) -> bool {
        let ended = sqlx::query(END_SESSION)
            .bind(session)
            .bind(account)
            .bind(NOW)
            .bind("revoked")
            .execute(&mut self.connection);
        ended.await.unwrap().rows_affected() == 1
    }

    /// The sessions that it sees ended.
    async fn ended(&mut self) -> Vec<Uuid> {
        let ended: Vec<(Uuid, String, i64)> = sqlx::query_as(ENDED_SINCE)
            .bind(NOW)
            .fetch_all(&mut self.connection)
            .await
            .unwrap();
        ended.into_iter().map(|(id, ..)| id).collect()
    }

    /// Asks and writes everything that such a node does about that account and session.
    async fn ask_everything(&mut self, (account, session): Ids) {
        let from = self.find(session).await.unwrap().generation;
        assert!(self.rotate(session, from).await);
        let unknown = Uuid::now_v7();
        assert!(!self.end((account, unknown)).await);
        self.ended().await;
        let all = &mut self.connection;
        let email = format!("{account}@example.com");
        let credentials = sqlx::query_as(FIND_CREDENTIALS).bind(&email);
        let credentials: (Uuid, String, Option<i64>, String) =
            credentials.fetch_one(&mut *all).await.unwrap();
        assert_eq!(credentials.0, account);
        let found = sqlx::query_as(FIND_ACCOUNT).bind(account);
        let found: (Uuid, String, String, String, i64, Option<i64>) =
            found.fetch_one(&mut *all).await.unwrap();
        assert_eq!(found.1, email);
        for (from, to) in [("", "admin"), ("admin", "")] {
            let change = sqlx::query(CHANGE_ROLES).bind(account).bind(from).bind(to);
            let changed = change.bind(NOW).execute(&mut *all).await.unwrap();
            assert_eq!(changed.rows_affected(), 1);
        }
        for disabled_at in [Some(NOW), None] {
            let change = sqlx::query(SET_DISABLED).bind(account).bind(disabled_at);
            let changed = change.bind(NOW).execute(&mut *all).await.unwrap();
            assert_eq!(changed.rows_affected(), 1);
        }
        let changes = sqlx::query_as(ACCOUNTS_CHANGED_SINCE).bind(NOW);
        let changes: Vec<(Uuid, i64, Option<i64>)> = changes.fetch_all(&mut *all).await.unwrap();
        assert!(changes.iter().any(|change| change.0 == account));
        let use_ = sqlx::query(WRITE_SIGHTING).bind(session).bind(1_i64);
        let use_ = use_.bind(NOW).bind(NOW).execute(&mut *all);
        assert_eq!(use_.await.unwrap().rows_affected(), 1);
        let live = sqlx::query_as(LIVE_SESSIONS).bind(account).bind(NOW);
        let live: Vec<Row> = live.fetch_all(&mut *all).await.unwrap();
        assert!(live.iter().any(|row| row.id == session));
        let kid = Uuid::now_v7().to_string();
        let key = sqlx::query(ADD_KEY).bind(&kid).bind("EdDSA").bind(&kid);
        let key = key.bind(vec![0_u8, 255]).bind(NOW).bind(NOW);
        assert_eq!(key.execute(&mut *all).await.unwrap().rows_affected(), 1);
        let keys: Vec<KeyRow> = sqlx::query_as(LIST_KEYS)
            .fetch_all(&mut *all)
            .await
            .unwrap();
        assert!(keys.iter().any(|key| key.0 == kid));
        for purge in [PURGE_SESSIONS, PURGE_AUDIT] {
            let purge = sqlx::query(purge).bind(0_i64).bind(10_i64);
            purge.execute(&mut *all).await.unwrap();
        }
    }

    async fn record(&mut self, account: Uuid, session: Uuid) {
        sqlx::query(RECORD)
            .bind(Uuid::now_v7())
            .bind(NOW)
            .bind("signed_in")
            .bind(account)
            .bind(session)
            .bind(None::<String>)
            .execute(&mut self.connection)
            .await
            .unwrap();
    }
}
