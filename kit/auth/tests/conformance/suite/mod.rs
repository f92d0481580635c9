//! The promises, one function each, by area.

mod accounts;
mod database;
mod emails;
mod keys;
mod sessions;
mod starting;
mod versions;

use std::time::Duration;

use monban_auth::{
    Account, AccountId, AccountVersion, Authentication, CredentialVersion, Email, EndReason,
    Generation, Name, Persistence, Roles, Session, SessionId, Store, Timestamp,
    store::{
        AuditEntry, AuditEvent, Creation, NewAccount, NewSession, PasswordHash, Rotation, Start,
        What,
    },
};

pub use self::{
    accounts::*, database::*, emails::*, keys::*, sessions::*, starting::*, versions::*,
};

pub const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_123);
const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);

pub fn new_account(email: &str) -> NewAccount {
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
    assert_eq!(
        store.create_account(&new, None).await.unwrap(),
        Creation::Created
    );
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
        authentication: Authentication::by_password(NOW),
        account_disabled_at: None,
        account_version: AccountVersion::FIRST,
        roles: Roles::default(),
    }
}

/// A session of a new account.
pub async fn session(store: &Store) -> Session {
    session_with(store, |_| ()).await
}

async fn session_with(store: &Store, change: impl Fn(&mut Session)) -> Session {
    let email = format!("{}@example.com", SessionId::generate());
    let mut session = a_session(account(store, &email).await);
    change(&mut session);
    assert!(start(store, &session).await);
    session
}

/// Starts a session for which nobody makes way. Whether it did.
async fn start(store: &Store, session: &Session) -> bool {
    let started = store.start_session(&new_session(session)).await.unwrap();
    matches!(started, Start::Started(started) if started.ended.is_empty())
}

fn new_session(session: &Session) -> NewSession {
    NewSession {
        session: session.clone(),
        checked: CredentialVersion::FIRST,
        replaces: None,
        at_most: u32::MAX,
    }
}

pub async fn rotate(store: &Store, session: SessionId, from: usize) -> bool {
    store.rotate(rotation(session, from)).await.unwrap()
}

fn rotation(session: SessionId, from: usize) -> Rotation {
    Rotation {
        session,
        from: generation(from),
        to: generation(from + 1),
        at: NOW + SECOND,
        idle_expires_at: NOW + DAY,
        ip: "2001:db8::1".into(),
    }
}

pub async fn end(store: &Store, session: &Session, reason: EndReason, at: Timestamp) -> bool {
    store
        .end_session(session.account_id, session.id, reason, at)
        .await
        .unwrap()
}

/// The sessions that were ended since then, and why.
pub async fn ended_since(store: &Store, since: Timestamp) -> Vec<(SessionId, EndReason)> {
    let changes = store.changes_since(since).await.unwrap();
    let ended = changes.into_iter().filter_map(|change| match change.what {
        What::SessionEnded { session, reason } => Some((session, reason)),
        _ => None,
    });
    ended.collect()
}

fn generation(number: usize) -> Generation {
    (0..number).fold(Generation::NONE, |generation, _| generation.next())
}

fn entry(account_id: Option<AccountId>) -> AuditEntry {
    AuditEntry::new(NOW, AuditEvent::SignInRefused, account_id)
}
