//! About nodes of several versions on one database.

use monban_auth::{
    AccessError, Auth, AuthError, Channel, Client, Email, EndReason, MasterKeys, Name, Password,
    Persistence, RefreshError, SessionId, SignUp, Store, StoreError,
};

use tokio::task::JoinSet;

use super::{NOW, end, ended_since, new_account, rotate, session};
use crate::{
    engine::Stage,
    nodes::{ISSUER, MASTER, PASSWORD, options},
};

pub async fn columns_that_a_newer_version_adds_disturb_nobody(stage: Stage) {
    let session = session(&stage.store).await;
    // Often enough that every statement is prepared, and its plan kept.
    for from in 1..=8 {
        read_everything(&stage.store, session.id, from).await;
    }
    for table in ["accounts", "sessions", "audit", "signing_keys", "changes"] {
        stage
            .run(&format!("ALTER TABLE {table} ADD COLUMN newer TEXT"))
            .await;
    }
    for from in 9..=16 {
        read_everything(&stage.store, session.id, from).await;
    }
}

/// Each statement that reads rows, once.
async fn read_everything(store: &Store, id: SessionId, from: usize) {
    let session = store.find_session(id).await.unwrap().unwrap();
    let account = session.account_id;
    let found = store.find_account(account).await.unwrap().unwrap();
    store
        .find_account_by_email(&found.email)
        .await
        .unwrap()
        .unwrap();
    store.find_credentials(&found.email).await.unwrap().unwrap();
    store.list_accounts(None, 9).await.unwrap();
    store.live_sessions(account, NOW, None, 9).await.unwrap();
    store.changes_since(NOW).await.unwrap();
    store.list_keys().await.unwrap();
    assert!(rotate(store, id, from).await);
}

pub async fn a_word_that_is_not_known_fails_no_other_row(stage: Stage) {
    let store = &stage.store;
    let [known, newer] = [session(store).await, session(store).await];
    for session in [&known, &newer] {
        assert!(end(store, session, EndReason::Revoked, NOW).await);
    }
    let change = "UPDATE sessions SET end_reason = 'new_word', persistence = 'new_word'";
    stage
        .run(&format!("{change} WHERE {}", is(&stage, newer.id)))
        .await;

    let mut found = store.find_sessions(&[newer.id, known.id]).await.unwrap();
    found.sort_by_key(|session| session.id);
    let read: Vec<_> = found
        .iter()
        .map(|one| (one.end_reason, one.persistence))
        .collect();
    let expected = [
        (Some(EndReason::Revoked), Persistence::Kept),
        (Some(EndReason::Unknown), Persistence::Other),
    ];
    assert_eq!(read, expected);
    // So writes a newer version: the first word of it is one that this one does not know.
    let change = "UPDATE changes SET detail = 'new_word' WHERE subject";
    let change = format!("{change}{}", is(&stage, newer.id).trim_start_matches("id"));
    stage.run(&change).await;
    let kind =
        "INSERT INTO changes (at, kind, subject) SELECT at, 'new_kind', subject FROM changes";
    stage.run(kind).await;
    let mut ended = ended_since(store, NOW).await;
    ended.sort_by_key(|(session, _)| *session);
    let reasons: Vec<_> = ended.iter().map(|(_, reason)| *reason).collect();
    assert_eq!(reasons, [EndReason::Revoked, EndReason::Unknown]);
}

pub async fn a_node_starts_and_refreshes_beside_words_that_it_does_not_know(stage: Stage) {
    let here = Client::new("203.0.113.7".into(), "Mozilla/5.0");
    let first = node(&stage).await;
    let [ended, newer, known] = [
        sign_up(&first, "ended", &here).await,
        sign_up(&first, "newer", &here).await,
        sign_up(&first, "known", &here).await,
    ];
    first.sign_out(&ended.refresh).await.unwrap();
    let set = async |column: &str, session: SessionId| {
        let change = format!("UPDATE sessions SET {column} = 'new_word'");
        stage
            .run(&format!("{change} WHERE {}", is(&stage, session)))
            .await;
    };
    set("end_reason", ended.session.id).await;
    stage.run("UPDATE changes SET detail = 'new_word'").await;
    set("persistence", newer.session.id).await;
    stage
        .run(
            "INSERT INTO signing_keys (kid, alg, follows, sealed, published_at, signs_at)
             SELECT 'newer', 'NEW256', kid, sealed, published_at, signs_at FROM signing_keys",
        )
        .await;

    let node = node(&stage).await;
    let refused = node.check_access(ended.access.expose()).await;
    let over = AccessError::Ended(EndReason::Unknown);
    assert_eq!(refused.unwrap_err(), over);
    let renewed = node.refresh(&known.refresh, Channel::Cookies, &here).await;
    node.check_access(renewed.unwrap().access.expose())
        .await
        .unwrap();
    // It lives on, for a node that knows what it is.
    node.check_access(newer.access.expose()).await.unwrap();
    let later = node.refresh(&newer.refresh, Channel::Cookies, &here).await;
    let Err(RefreshError::Auth(error @ AuthError::NewerSession)) = later else {
        panic!("{later:?}");
    };
    assert!(error.is_busy());
    let row = node
        .sessions()
        .find(newer.session.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.generation, row.ended_at),
        (newer.session.generation, None)
    );
}

pub async fn of_many_that_start_for_the_first_time_one_migrates_and_the_others_wait(stage: Stage) {
    let empty = stage.another_database().await;
    let mut starting = JoinSet::new();
    for _ in 0..12 {
        let url = empty.clone();
        starting.spawn(async move { Store::open(&url).await });
    }
    for started in starting.join_all().await {
        started.unwrap().ping().await.unwrap();
    }
}

pub async fn migrations_that_are_not_known_are_let_be(stage: Stage) {
    let session = session(&stage.store).await;
    stage.run(&newer_migration(&stage)).await;
    let again = stage.another().await;
    assert!(again.find_session(session.id).await.unwrap().is_some());
}

pub async fn a_schema_that_is_too_new_stops_the_start_and_says_so(stage: Stage) {
    stage.run(&newer_migration(&stage)).await;
    stage.run("UPDATE schema_floor SET migration = 9000").await;
    let refused = Store::open(&stage.url).await.unwrap_err();
    assert!(matches!(refused, StoreError::SchemaTooNew(9000)));
    let said = refused.to_string();
    assert!(
        said.contains("newer version") && said.contains("9000"),
        "{said}"
    );
    assert!(!refused.is_busy());
    // Who runs already is not stopped.
    stage
        .store
        .create_account(&new_account("ann@example.com"), None)
        .await
        .unwrap();
}

fn newer_migration(stage: &Stage) -> String {
    let checksum = if stage.is_sqlite() {
        "x'00'"
    } else {
        r"'\x00'"
    };
    format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9000, 'of a newer version', true, {checksum}, 0)"
    )
}

/// The row of that id.
fn is(stage: &Stage, id: SessionId) -> String {
    if stage.is_sqlite() {
        format!("id = x'{}'", id.to_string().replace('-', ""))
    } else {
        format!("id = '{id}'")
    }
}

async fn node(stage: &Stage) -> Auth {
    let master = MasterKeys::parse(MASTER).unwrap();
    let auth = Auth::new(stage.another().await, master, ISSUER, options()).await;
    auth.unwrap()
}

async fn sign_up(node: &Auth, name: &str, here: &Client) -> monban_auth::TokenPair {
    let new = SignUp {
        name: Name::parse(name).unwrap(),
        email: Email::parse(&format!("{name}@example.com")).unwrap(),
        password: Password::parse(PASSWORD).unwrap(),
    };
    node.sign_up(new, here).await.unwrap()
}
