//! The promises, one function each.

use std::time::Duration;

use monban_auth::{
    Account, AccountId, Client, Email, EndReason, Generation, Name, Persistence, Role, Roles,
    Session, SessionId, Store, Timestamp,
    audit::{AuditEntry, AuditEvent},
    hashing::PasswordHash,
    seen::Sighting,
    store::{Creation, NewAccount, Rotation, SealedKey, Wake},
};
use tokio::{task::JoinSet, time::timeout};

use crate::engine::Stage;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_123);
const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);

pub async fn an_address_is_taken_once_however_many_ask(stage: Stage) {
    let mut asking = JoinSet::new();
    for _ in 0..8 {
        let store = stage.store.clone();
        asking.spawn(async move {
            store
                .create_account(&new_account("ann@example.com"))
                .await
                .unwrap()
        });
    }
    let answers = asking.join_all().await;
    let created = answers
        .iter()
        .filter(|answer| **answer == Creation::Created);
    assert_eq!(created.count(), 1);
    assert_eq!(stage.store.list_accounts(None, 9).await.unwrap().len(), 1);
}

pub async fn an_account_comes_back_as_it_was_made(stage: Stage) {
    let new = new_account("ann@example.com");
    stage.store.create_account(&new).await.unwrap();
    let id = new.account.id;
    for found in [
        stage.store.find_account(id).await.unwrap().unwrap(),
        stage
            .store
            .find_account_by_email(&new.account.email)
            .await
            .unwrap()
            .unwrap(),
    ] {
        assert_eq!(format!("{found:?}"), format!("{:?}", new.account));
        assert_eq!(found.name, new.account.name);
    }
    let credentials = stage
        .store
        .find_credentials(&new.account.email)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(credentials.account_id, id);
    assert!(credentials.password_hash == new.password_hash);
    assert!(
        stage
            .store
            .find_account(AccountId::generate())
            .await
            .unwrap()
            .is_none()
    );
    let nobody = Email::parse("nobody@example.com").unwrap();
    assert!(
        stage
            .store
            .find_credentials(&nobody)
            .await
            .unwrap()
            .is_none()
    );

    let renamed = Name::parse("Ann of Oxford").unwrap();
    assert!(stage.store.rename_account(id, &renamed).await.unwrap());
    assert!(
        !stage
            .store
            .rename_account(AccountId::generate(), &renamed)
            .await
            .unwrap()
    );
    assert_eq!(
        stage.store.find_account(id).await.unwrap().unwrap().name,
        renamed
    );

    let (from, to) = (&new.password_hash, &hash("another"));
    stage.store.rehash_password(id, to, from).await.unwrap();
    assert!(
        stage
            .store
            .find_credentials(&new.account.email)
            .await
            .unwrap()
            .unwrap()
            .password_hash
            == *from
    );
    stage.store.rehash_password(id, from, to).await.unwrap();
    assert!(
        stage
            .store
            .find_credentials(&new.account.email)
            .await
            .unwrap()
            .unwrap()
            .password_hash
            == *to
    );
}

pub async fn accounts_are_listed_in_the_order_in_which_they_were_made(stage: Stage) {
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(account(&stage.store, &format!("a{number}@example.com")).await);
    }
    let first = stage.store.list_accounts(None, 3).await.unwrap();
    let rest = stage
        .store
        .list_accounts(Some(first[2].id), 3)
        .await
        .unwrap();
    let listed: Vec<_> = first
        .iter()
        .chain(&rest)
        .map(|account| account.id)
        .collect();
    assert_eq!(listed, ids);
}

pub async fn roles_change_only_from_what_they_were(stage: Stage) {
    let id = account(&stage.store, "ann@example.com").await;
    let admin: Role = "admin".parse().unwrap();
    let (none, some) = (Roles::default(), Roles::default().with(&admin));
    assert!(
        !stage
            .store
            .change_roles(id, &some, &none, NOW)
            .await
            .unwrap()
    );
    assert!(
        stage
            .store
            .change_roles(id, &none, &some, NOW)
            .await
            .unwrap()
    );
    assert_eq!(
        stage.store.find_account(id).await.unwrap().unwrap().roles,
        some
    );
    let changes = stage.store.accounts_changed_since(NOW).await.unwrap();
    assert_eq!(
        (changes[0].id, changes[0].changed_at, changes[0].disabled_at),
        (id, NOW, None)
    );
    assert_eq!(
        stage
            .store
            .accounts_changed_since(NOW + SECOND)
            .await
            .unwrap(),
        []
    );
}

pub async fn a_disabled_account_is_news_until_long_after(stage: Stage) {
    let id = account(&stage.store, "ann@example.com").await;
    let disable = |disabled| stage.store.set_disabled(id, disabled, NOW);
    assert!(!disable(false).await.unwrap());
    assert!(disable(true).await.unwrap());
    assert!(!disable(true).await.unwrap());
    assert_eq!(
        stage.store.accounts_changed_since(NOW).await.unwrap()[0].disabled_at,
        Some(NOW)
    );
    assert!(disable(false).await.unwrap());
    assert_eq!(
        stage.store.accounts_changed_since(NOW).await.unwrap()[0].disabled_at,
        None
    );
}

pub async fn of_many_rotations_of_one_generation_one_wins(stage: Stage) {
    let session = session(&stage.store).await;
    let mut rotating = JoinSet::new();
    for _ in 0..16 {
        let (store, id) = (stage.store.clone(), session.id);
        rotating.spawn(async move { rotate(&store, id, 1).await });
    }
    let won = rotating.join_all().await.into_iter().filter(|won| *won);
    assert_eq!(won.count(), 1);
    let row = stage.store.find_session(session.id).await.unwrap().unwrap();
    assert_eq!(row.generation, generation(2));
    assert_eq!(row.rotated_at, NOW + SECOND);
    assert_eq!(row.ip, "2001:db8::1");
}

pub async fn a_session_that_is_over_does_not_rotate(stage: Stage) {
    let session = session(&stage.store).await;
    end(&stage.store, &session, EndReason::SignedOut, NOW).await;
    assert!(!rotate(&stage.store, session.id, 1).await);
    assert!(!rotate(&stage.store, SessionId::generate(), 1).await);
}

pub async fn a_session_comes_back_as_it_was_started(stage: Stage) {
    for persistence in [Persistence::Kept, Persistence::Browser] {
        let session = session_with(&stage.store, |session| session.persistence = persistence).await;
        let found = stage.store.find_session(session.id).await.unwrap().unwrap();
        assert_eq!(format!("{found:?}"), format!("{session:?}"));
    }
}

pub async fn a_session_is_alive_until_the_very_millisecond(stage: Stage) {
    let session = session(&stage.store).await;
    let alive = async |at| {
        !stage
            .store
            .live_sessions(session.account_id, at)
            .await
            .unwrap()
            .is_empty()
    };
    let last = session.idle_expires_at;
    assert!(alive(last - Duration::from_millis(1)).await);
    assert!(!alive(last).await);
}

pub async fn a_session_ends_once_and_the_first_reason_stands(stage: Stage) {
    let session = session(&stage.store).await;
    let stranger = account(&stage.store, "stranger@example.com").await;
    let reason = EndReason::Reused;
    assert!(
        !stage
            .store
            .end_session(stranger, session.id, reason, NOW)
            .await
            .unwrap()
    );
    assert!(end(&stage.store, &session, reason, NOW).await);
    assert!(!end(&stage.store, &session, EndReason::SignedOut, NOW + SECOND).await);
    let row = stage.store.find_session(session.id).await.unwrap().unwrap();
    assert_eq!((row.ended_at, row.end_reason), (Some(NOW), Some(reason)));
}

pub async fn everywhere_else_ends_all_but_one(stage: Stage) {
    let first = session(&stage.store).await;
    let account = first.account_id;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(
            session_with(&stage.store, |session| session.account_id = account)
                .await
                .id,
        );
    }
    let (kept, reason) = (Some(first.id), EndReason::Revoked);
    let mut ended = stage
        .store
        .end_other_sessions(account, kept, reason, NOW)
        .await
        .unwrap();
    ended.sort();
    assert_eq!(ended, others);
    assert_eq!(
        stage.store.live_sessions(account, NOW).await.unwrap()[0].id,
        first.id
    );
    assert_eq!(
        stage
            .store
            .end_other_sessions(account, None, reason, NOW)
            .await
            .unwrap(),
        [first.id]
    );
}

pub async fn what_was_ended_since_is_told(stage: Stage) {
    let session = session(&stage.store).await;
    end(&stage.store, &session, EndReason::Revoked, NOW).await;
    let told = stage.store.ended_since(NOW).await.unwrap();
    assert_eq!(
        (told[0].id, told[0].end_reason, told[0].at),
        (session.id, EndReason::Revoked, NOW)
    );
    assert_eq!(
        stage
            .store
            .ended_since(NOW + Duration::from_millis(1))
            .await
            .unwrap(),
        []
    );
}

pub async fn a_sighting_counts_for_its_generation_only(stage: Stage) {
    let session = session(&stage.store).await;
    let seen = async |number, first_at, at| {
        let sighting = Sighting {
            session: session.id,
            generation: generation(number),
            first_at,
            at,
        };
        stage.store.write_sightings(&[sighting]).await.unwrap();
        let row = stage.store.find_session(session.id).await.unwrap().unwrap();
        (row.generation_seen_at, row.seen_at)
    };
    assert_eq!(seen(2, NOW, NOW + SECOND).await, (None, NOW + SECOND));
    assert_eq!(
        seen(1, NOW + SECOND, NOW).await,
        (Some(NOW + SECOND), NOW + SECOND)
    );
    assert_eq!(
        seen(1, NOW + SECOND * 2, NOW).await,
        (Some(NOW + SECOND), NOW + SECOND)
    );
    rotate(&stage.store, session.id, 1).await;
    let row = stage.store.find_session(session.id).await.unwrap().unwrap();
    assert_eq!(row.generation_seen_at, None);
}

pub async fn two_nodes_that_write_many_sightings_do_not_wait_for_each_other(stage: Stage) {
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(session(&stage.store).await.id);
    }
    let sightings: Vec<_> = ids
        .iter()
        .map(|id| Sighting {
            session: *id,
            generation: generation(1),
            first_at: NOW,
            at: NOW,
        })
        .collect();
    let backwards: Vec<_> = sightings.iter().rev().copied().collect();
    for _ in 0..10 {
        let (one, other) = tokio::join!(
            stage.store.write_sightings(&sightings),
            stage.store.write_sightings(&backwards)
        );
        one.unwrap();
        other.unwrap();
    }
}

pub async fn long_and_odd_text_comes_back(stage: Stage) {
    for text in [
        "'; DROP TABLE sessions; --",
        "\\ \" % _ $1",
        "門番 🏯 e\u{301}",
        &"x".repeat(512),
    ] {
        let session = session_with(&stage.store, |session| {
            text.clone_into(&mut session.user_agent);
        })
        .await;
        let found = stage.store.find_session(session.id).await.unwrap().unwrap();
        assert_eq!(found.user_agent, text);
    }
}

pub async fn a_key_has_one_successor(stage: Stage) {
    assert!(stage.store.add_key(&key("first", "")).await.unwrap());
    assert!(!stage.store.add_key(&key("also first", "")).await.unwrap());
    let mut rotating = JoinSet::new();
    for number in 0..8 {
        let store = stage.store.clone();
        rotating.spawn(async move {
            store
                .add_key(&key(&format!("next {number}"), "first"))
                .await
                .unwrap()
        });
    }
    assert_eq!(
        rotating
            .join_all()
            .await
            .into_iter()
            .filter(|added| *added)
            .count(),
        1
    );
    assert_eq!(stage.store.list_keys().await.unwrap().len(), 2);
}

pub async fn a_key_is_retired_and_resealed_and_forgotten(stage: Stage) {
    let (store, mut expected) = (&stage.store, key("one", ""));
    store.add_key(&expected).await.unwrap();
    assert_eq!(store.list_keys().await.unwrap(), [expected.clone()]);
    store.reseal_key("one", &[9; 70]).await.unwrap();
    assert!(store.retire_key("one", NOW).await.unwrap());
    assert!(!store.retire_key("one", NOW + SECOND).await.unwrap());
    expected.sealed = vec![9; 70];
    expected.retired_at = Some(NOW);
    assert_eq!(store.list_keys().await.unwrap(), [expected]);
    store.delete_key("one").await.unwrap();
    assert_eq!(store.list_keys().await.unwrap(), []);
}

pub async fn old_rows_are_purged_in_batches_and_living_ones_stay(stage: Stage) {
    let alive = session(&stage.store).await;
    for _ in 0..3 {
        let over = session(&stage.store).await;
        end(&stage.store, &over, EndReason::SignedOut, NOW).await;
    }
    let expired = session_with(&stage.store, |session| session.absolute_expires_at = NOW).await;
    let purge = || stage.store.purge(NOW + Duration::from_millis(1), 2);
    let mut total = 0;
    loop {
        match purge().await.unwrap() {
            0 => break,
            count => total += count,
        }
    }
    assert!(total >= 4, "{total}");
    assert!(
        stage
            .store
            .find_session(expired.id)
            .await
            .unwrap()
            .is_none()
    );
    assert!(stage.store.find_session(alive.id).await.unwrap().is_some());
}

pub async fn a_change_of_another_process_is_seen(stage: Stage) {
    let session = session(&stage.store).await;
    let mut watch = stage.store.watch().await.unwrap();
    let other = stage.another().await;
    end(&other, &session, EndReason::Revoked, NOW).await;
    let seen = timeout(SECOND, async {
        while watch.next().await.unwrap() != Wake::Changed {}
    });
    seen.await.unwrap();
    assert_eq!(
        stage.store.ended_since(NOW).await.unwrap()[0].id,
        session.id
    );
    let quiet = timeout(SECOND * 4, async {
        while watch.next().await.unwrap() != Wake::Quiet {}
    });
    quiet.await.unwrap();
}

pub async fn a_transaction_that_breaks_off_leaves_nothing(stage: Stage) {
    let (good, account) = (entry(None), AccountId::generate());
    stage.store.record(&[good]).await.unwrap();
    // No account has that id, so the session's row is refused after nothing else was written.
    let orphan = a_session(account);
    assert!(stage.store.start_session(&orphan).await.is_err());
    assert!(stage.store.find_session(orphan.id).await.unwrap().is_none());
    let work = stage.store.clone();
    let session = session(&work).await;
    for _ in 0..20 {
        let (store, session) = (work.clone(), session.clone());
        let ending =
            tokio::spawn(async move { end(&store, &session, EndReason::Revoked, NOW).await });
        tokio::task::yield_now().await;
        ending.abort();
        let _ = ending.await;
    }
    // Whatever became of the attempts, the store works, and the session is whole: over or alive.
    let row = work.find_session(session.id).await.unwrap().unwrap();
    assert_eq!(row.ended_at.is_some(), row.end_reason.is_some());
    end(&work, &session, EndReason::Revoked, NOW).await;
    assert!(
        work.find_session(session.id)
            .await
            .unwrap()
            .unwrap()
            .ended_at
            .is_some()
    );
}

pub async fn two_that_open_it_at_once_both_can(stage: Stage) {
    let (one, other) = tokio::join!(stage.another(), stage.another());
    one.ping().await.unwrap();
    other.ping().await.unwrap();
    one.close().await;
    assert!(one.ping().await.is_err());
    other.ping().await.unwrap();
}

fn new_account(email: &str) -> NewAccount {
    NewAccount {
        account: Account {
            id: AccountId::generate(),
            email: Email::parse(email).unwrap(),
            name: Name::parse("門番 \"Ann\" O'Hara").unwrap(),
            roles: Roles::default(),
            created_at: NOW,
            disabled_at: None,
        },
        password_hash: hash("one"),
    }
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_phc(text)
}

async fn account(store: &Store, email: &str) -> AccountId {
    let new = new_account(email);
    assert_eq!(store.create_account(&new).await.unwrap(), Creation::Created);
    new.account.id
}

fn a_session(account_id: AccountId) -> Session {
    Session {
        id: SessionId::generate(),
        account_id,
        generation: Generation::FIRST,
        rotated_at: NOW,
        generation_seen_at: None,
        seen_at: NOW,
        persistence: Persistence::Kept,
        created_at: NOW,
        idle_expires_at: NOW + DAY,
        absolute_expires_at: NOW + DAY * 2,
        ended_at: None,
        end_reason: None,
        ip: "203.0.113.7".into(),
        user_agent: "Mozilla/5.0".into(),
        account_disabled_at: None,
        roles: Roles::default(),
    }
}

/// A session of a new account.
async fn session(store: &Store) -> Session {
    session_with(store, |_| ()).await
}

async fn session_with(store: &Store, change: impl Fn(&mut Session)) -> Session {
    let email = format!("{}@example.com", SessionId::generate());
    let mut session = a_session(account(store, &email).await);
    change(&mut session);
    store.start_session(&session).await.unwrap();
    session
}

async fn rotate(store: &Store, session: SessionId, from: usize) -> bool {
    let client = Client::new("2001:db8::1".into(), "");
    let rotation = Rotation {
        session,
        from: generation(from),
        to: generation(from + 1),
        at: NOW + SECOND,
        idle_expires_at: NOW + DAY,
        client: &client,
    };
    store.rotate(&rotation).await.unwrap()
}

async fn end(store: &Store, session: &Session, reason: EndReason, at: Timestamp) -> bool {
    store
        .end_session(session.account_id, session.id, reason, at)
        .await
        .unwrap()
}

fn generation(number: usize) -> Generation {
    (0..number).fold(Generation::NONE, |generation, _| generation.next())
}

fn entry(account_id: Option<AccountId>) -> AuditEntry {
    AuditEntry {
        at: NOW,
        event: AuditEvent::SignInRefused,
        account_id,
        session_id: None,
    }
}

fn key(kid: &str, follows: &str) -> SealedKey {
    SealedKey {
        kid: kid.to_owned(),
        alg: "EdDSA".to_owned(),
        follows: follows.to_owned(),
        sealed: vec![0, 1, 2, 255],
        published_at: NOW,
        signs_at: NOW + SECOND,
        retired_at: None,
    }
}
