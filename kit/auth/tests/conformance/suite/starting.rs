//! About sessions that start, and what makes way for them; and about ending very many.

use monban_auth::{
    AccountId, AccountVersion, Actor, CredentialVersion, EndReason, Role, Roles, Session,
    SessionId,
    store::{Creation, NewSession, Start},
};
use tokio::task::JoinSet;

use super::{NOW, SECOND, a_session, account, end, new_account, new_session, session_with, start};
use crate::engine::Stage;

pub async fn a_session_starts_only_if_what_was_checked_still_holds(stage: Stage) {
    let store = &stage.store;
    let id = account(store, "ann@example.com").await;
    let session = a_session(id);
    assert!(!start(store, &a_session(AccountId::generate())).await);
    store
        .set_disabled(id, true, Actor::Cli, NOW)
        .await
        .unwrap()
        .unwrap();
    assert!(!start(store, &session).await, "disabled");
    store
        .set_disabled(id, false, Actor::Cli, NOW)
        .await
        .unwrap()
        .unwrap();
    assert!(!start(store, &session).await, "checked before");
    assert_eq!(
        store.find_session(session.id).await.unwrap().map(|s| s.id),
        None
    );

    let credentials = new_account("ann@example.com").account.email;
    let credentials = store.find_credentials(&credentials).await.unwrap().unwrap();
    let new = NewSession {
        checked: credentials.credential_version,
        ..new_session(&session)
    };
    let started = store.start_session(&new).await.unwrap();
    assert!(matches!(started, Start::Started(_)), "{started:?}");
}

pub async fn a_session_is_told_what_is_true_of_its_account_when_it_starts(stage: Stage) {
    let id = account(&stage.store, "ann@example.com").await;
    let admin: Role = "admin".parse().unwrap();
    let roles = Roles::default().with(&admin).unwrap();
    let none = Roles::default();
    let version = stage
        .store
        .change_roles(id, &none, &roles, Actor::Cli, NOW)
        .await;
    let new = new_session(&a_session(id));
    let Start::Started(started) = stage.store.start_session(&new).await.unwrap() else {
        panic!("roles are nothing that a sign-in is checked against");
    };
    assert_eq!(Some(started.account_version), version.unwrap());
    assert_eq!(started.roles, roles);
    let row = stage.store.find_session(new.session.id).await.unwrap();
    assert_eq!(row.unwrap().account_version, started.account_version);
}

pub async fn a_sign_in_and_a_disabling_at_once_leave_no_session(stage: Stage) {
    for round in 0..20 {
        let id = account(&stage.store, &format!("ann{round}@example.com")).await;
        let mut working = JoinSet::new();
        for place in 0..6 {
            let store = stage.store.clone();
            working.spawn(async move {
                if place == 3 {
                    store.set_disabled(id, true, Actor::Cli, NOW).await.unwrap();
                } else {
                    start(&store, &a_session(id)).await;
                }
            });
        }
        working.join_all().await;
        stage
            .store
            .set_disabled(id, false, Actor::Cli, NOW)
            .await
            .unwrap();
        let left = stage.store.live_sessions(id, NOW, None, 9).await.unwrap();
        assert_eq!(ids(&left), []);
    }
}

pub async fn an_account_and_its_first_session_are_made_together_or_not_at_all(stage: Stage) {
    let store = &stage.store;
    let other = session_with(store, |_| ()).await;
    let new = new_account("ann@example.com");
    let mut first = a_session(new.account.id);
    first.id = other.id;
    assert!(store.sign_up(&new, &new_session(&first)).await.is_err());
    assert!(store.find_account(new.account.id).await.unwrap().is_none());

    first.id = SessionId::generate();
    let made = store.sign_up(&new, &new_session(&first)).await.unwrap();
    assert_eq!(made, Creation::Created);
    let row = store.find_session(first.id).await.unwrap().unwrap();
    assert_eq!(format!("{row:?}"), format!("{first:?}"));

    let again = new_account("ann@example.com");
    let session = a_session(again.account.id);
    let refused = store.sign_up(&again, &new_session(&session)).await.unwrap();
    assert_eq!(refused, Creation::EmailTaken);
    assert!(store.find_session(session.id).await.unwrap().is_none());
}

pub async fn where_there_is_no_room_the_longest_unused_make_way(stage: Stage) {
    let store = &stage.store;
    let id = account(store, "ann@example.com").await;
    let mut sessions = Vec::new();
    // The first is used last, the second ended, the third over by idleness.
    for (unused, over) in [(0, false), (5, true), (4, false), (3, false), (2, false)] {
        let mut session = a_session(id);
        session.seen_at = NOW + SECOND * (5 - unused);
        if sessions.len() == 2 {
            session.idle_expires_at = NOW;
        }
        assert!(start(store, &session).await);
        if over {
            end(store, &session, EndReason::SignedOut, NOW).await;
        }
        sessions.push(session.id);
    }
    let new = NewSession {
        at_most: 3,
        ..new_session(&a_session(id))
    };
    let Start::Started(started) = store.start_session(&new).await.unwrap() else {
        panic!("void");
    };
    let limit = EndReason::SessionLimit;
    assert_eq!(started.ended, [(sessions[3], limit)]);
    let row = store.find_session(sessions[3]).await.unwrap().unwrap();
    assert_eq!((row.ended_at, row.end_reason), (Some(NOW), Some(limit)));
    let left = store.live_sessions(id, NOW, None, 9).await.unwrap();
    assert_eq!(
        ids(&left),
        sorted([sessions[0], sessions[4], new.session.id])
    );
    let audited = stage.count("SELECT count(*) FROM audit WHERE reason = 'session_limit'");
    assert_eq!(audited.await, 1);
}

pub async fn what_makes_way_does_so_only_if_the_new_session_starts(stage: Stage) {
    let store = &stage.store;
    let old = session_with(store, |_| ()).await;
    let new = account(store, "bob@example.com").await;
    let replacing = |session: Session| NewSession {
        replaces: Some((old.account_id, old.id)),
        ..new_session(&session)
    };
    let mut broken = replacing(a_session(new));
    broken.session.id = old.id;
    assert!(store.start_session(&broken).await.is_err());
    let void = NewSession {
        checked: CredentialVersion::FIRST.next(),
        ..replacing(a_session(new))
    };
    assert_eq!(store.start_session(&void).await.unwrap(), Start::Void);
    let row = store.find_session(old.id).await.unwrap().unwrap();
    assert_eq!(row.ended_at, None);

    let Start::Started(started) = store
        .start_session(&replacing(a_session(new)))
        .await
        .unwrap()
    else {
        panic!("void");
    };
    assert_eq!(started.ended, [(old.id, EndReason::Replaced)]);
}

pub async fn everywhere_else_ends_any_number(stage: Stage) {
    const MANY: usize = 20_000;
    let kept = session_with(&stage.store, |_| ()).await;
    let (id, reason) = (kept.account_id, EndReason::Revoked);
    crowd(&stage, MANY).await;
    let ended = stage
        .store
        .end_other_sessions(id, Some(kept.id), reason, NOW);
    assert_eq!(ended.await.unwrap().len(), MANY);
    let left = stage.store.live_sessions(id, NOW, None, 9).await.unwrap();
    assert_eq!(ids(&left), [kept.id]);
    let audited = "SELECT count(*) FROM audit WHERE reason = 'revoked' AND session_id IS NOT NULL";
    assert_eq!(stage.count(audited).await, i64::try_from(MANY).unwrap());

    crowd(&stage, MANY).await;
    let disabled = stage
        .store
        .set_disabled(id, true, Actor::Cli, NOW)
        .await
        .unwrap();
    assert_eq!(disabled.unwrap().ended.len(), MANY + 1);
}

/// So many more sessions of the one account, as somebody with its password may start them.
async fn crowd(stage: &Stage, sessions: usize) {
    let (numbers, id) = if stage.is_sqlite() {
        let numbers = "WITH RECURSIVE n (i) AS (
            SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) ";
        (
            numbers.replace("{many}", &sessions.to_string()),
            "randomblob(16)",
        )
    } else {
        let numbers = "WITH n (i) AS (SELECT generate_series(1, {many})) ";
        (
            numbers.replace("{many}", &sessions.to_string()),
            "gen_random_uuid()",
        )
    };
    let insert = format!(
        "{numbers} INSERT INTO sessions (id, account_id, generation, rotated_at, seen_at,
             persistence, created_at, idle_expires_at, absolute_expires_at, ip, user_agent)
         SELECT {id}, a.id, 1, 1, 1, 'kept', 1, {far}, {far}, '', '' FROM n, accounts a",
        far = i64::MAX / 2
    );
    stage.run(&insert).await;
}

pub async fn the_list_is_read_page_by_page(stage: Stage) {
    let id = account(&stage.store, "ann@example.com").await;
    let mut sessions = Vec::new();
    // Some of one millisecond.
    for place in [0, 1, 1, 1, 2] {
        let mut session = a_session(id);
        session.created_at = NOW + SECOND * place;
        assert!(start(&stage.store, &session).await);
        sessions.push(session.id);
    }
    let all = stage.store.live_sessions(id, NOW, None, 9).await.unwrap();
    let all: Vec<_> = all.iter().map(|session| session.id).collect();
    assert_eq!((all[0], all[4]), (sessions[4], sessions[0]));
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = stage.store.live_sessions(id, NOW, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        read.extend(page.iter().map(|session| session.id));
    }
    assert_eq!(read, all);
    // Of somebody else's there is nothing to be had.
    let stranger = session_with(&stage.store, |_| ()).await;
    let page = stage
        .store
        .live_sessions(id, NOW, Some(stranger.id), 9)
        .await;
    assert_eq!(page.unwrap().len(), 0);
}

pub async fn a_program_that_knows_no_versions_raises_them_all_the_same(stage: Stage) {
    let store = &stage.store;
    let id = account(store, "ann@example.com").await;
    let session = a_session(id);
    assert!(start(store, &session).await);
    let first = AccountVersion::FIRST;
    let version = async || {
        store
            .find_session(session.id)
            .await
            .unwrap()
            .unwrap()
            .account_version
    };
    assert_eq!(version().await, first);
    for (change, expected) in [
        ("name = 'Bob'", first),
        ("roles = 'admin', changed_at = 1", first.next()),
        ("roles = 'admin', changed_at = 2", first.next()),
        ("disabled_at = 3, changed_at = 3", first.next().next()),
    ] {
        stage.run(&format!("UPDATE accounts SET {change}")).await;
        assert_eq!(version().await, expected, "{change}");
    }
    stage.run("UPDATE accounts SET disabled_at = NULL").await;
    assert!(!start(store, &a_session(id)).await, "checked before");
}

fn ids(sessions: &[Session]) -> Vec<SessionId> {
    sorted(sessions.iter().map(|session| session.id))
}

fn sorted(ids: impl IntoIterator<Item = SessionId>) -> Vec<SessionId> {
    let mut ids: Vec<_> = ids.into_iter().collect();
    ids.sort_unstable();
    ids
}
