//! How sessions start and end: pieces of transactions.

use sqlx::QueryBuilder;

use super::super::{Db, hold_living, hold_sessions, write::Write};
use crate::{
    accounts::AccountId,
    audit::{AuditEntry, AuditEvent},
    changes::{Change, What},
    clock::Timestamp,
    sessions::{EndReason, NewSession, Session, SessionId},
    store::error::{StoreError, with_timeout},
};

/// How many sessions are ended in one statement.
const AT_A_TIME: u32 = 1_000;

/// Starts a session of an account that this transaction holds, and ends those that make way for it.
/// Answers which.
pub(in super::super) async fn start(
    write: &mut Write<'_>,
    new: &NewSession,
) -> Result<Vec<(SessionId, EndReason)>, sqlx::Error> {
    let (session, now) = (&new.session, new.session.created_at);
    let replaced = new.replaces.map(|(_, replaced)| replaced);
    let crowded: Vec<SessionId> = sqlx::query_scalar(
        "SELECT id FROM sessions
         WHERE account_id = $1 AND ended_at IS NULL AND id <> $2
           AND idle_expires_at > $3 AND absolute_expires_at > $3
         ORDER BY seen_at DESC, id DESC
         LIMIT $4 OFFSET $5",
    )
    .bind(session.account_id)
    .bind(replaced.unwrap_or(SessionId::NONE))
    .bind(now)
    .bind(i64::from(AT_A_TIME))
    .bind(i64::from(new.at_most.saturating_sub(1)))
    .fetch_all(&mut **write)
    .await?;

    let mut ended = Vec::new();
    if replaced.is_some() || !crowded.is_empty() {
        let mut held = crowded.clone();
        held.extend(replaced);
        held.sort_unstable();
        hold_sessions(write, &held).await?;
        if let Some((account, replaced)) = new.replaces {
            let reason = EndReason::Replaced;
            if end_one(write, account, replaced, reason, now).await? {
                ended.push((replaced, reason));
            }
        }
        let reason = EndReason::SessionLimit;
        let crowded = end_held(write, session.account_id, &crowded, reason, now).await?;
        ended.extend(crowded.into_iter().map(|session| (session, reason)));
    }
    insert(write, session).await?;
    Ok(ended)
}

async fn insert(write: &mut Write<'_>, session: &Session) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sessions (id, account_id, generation, rotated_at, seen_at, persistence,
                               created_at, idle_expires_at, absolute_expires_at,
                               ip, user_agent, authenticated_at, amr)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(session.id)
    .bind(session.account_id)
    .bind(session.generation)
    .bind(session.rotated_at)
    .bind(session.seen_at)
    .bind(session.persistence)
    .bind(session.created_at)
    .bind(session.idle_expires_at)
    .bind(session.absolute_expires_at)
    .bind(&session.ip)
    .bind(&session.user_agent)
    .bind(session.authentication.at)
    .bind(&session.authentication.methods)
    .execute(&mut **write)
    .await?;
    let (account, event) = (Some(session.account_id), AuditEvent::SignedIn);
    let entry = AuditEntry::new(session.created_at, event, account).about(session.id);
    write.audit(entry);
    Ok(())
}

/// Ends a session. False if it was over, or is not of that account.
pub(in super::super) async fn end_one(
    write: &mut Write<'_>,
    account: AccountId,
    session: SessionId,
    reason: EndReason,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query(
        "UPDATE sessions SET ended_at = $3, end_reason = $4
         WHERE id = $1 AND account_id = $2 AND ended_at IS NULL",
    )
    .bind(session)
    .bind(account)
    .bind(at)
    .bind(reason)
    .execute(&mut **write)
    .await?
    .rows_affected()
        == 1;
    if ended {
        note(write, account, session, reason, at);
    }
    Ok(ended)
}

/// Ends every session of the account, however many there are: each step has its time. Answers which.
pub(in super::super) async fn end_all(
    write: &mut Write<'_>,
    account: AccountId,
    reason: EndReason,
    at: Timestamp,
) -> Result<Vec<SessionId>, StoreError> {
    let mut all = Vec::new();
    loop {
        let some = async {
            let ended = end_some(write, account, None, reason, at).await?;
            write.flush().await?;
            Ok(ended)
        };
        let ended = with_timeout(some).await?;
        if ended.is_empty() {
            return Ok(all);
        }
        all.extend(ended);
    }
}

/// Ends some of the account's sessions, but never the one kept. Answers which: none if no other is
/// left.
pub(in super::super) async fn end_some(
    write: &mut Write<'_>,
    account: AccountId,
    kept: Option<SessionId>,
    reason: EndReason,
    at: Timestamp,
) -> Result<Vec<SessionId>, sqlx::Error> {
    let kept = kept.unwrap_or(SessionId::NONE);
    let held = hold_living(write, account, kept, AT_A_TIME).await?;
    end_held(write, account, &held, reason, at).await
}

/// Ends sessions of the account that this transaction holds, in one statement.
async fn end_held(
    write: &mut Write<'_>,
    account: AccountId,
    sessions: &[SessionId],
    reason: EndReason,
    at: Timestamp,
) -> Result<Vec<SessionId>, sqlx::Error> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let mut update = QueryBuilder::<Db>::new("UPDATE sessions SET ended_at = ");
    update
        .push_bind(at)
        .push(", end_reason = ")
        .push_bind(reason);
    update.push(" WHERE ended_at IS NULL AND id IN (");
    let mut ids = update.separated(", ");
    for session in sessions {
        ids.push_bind(*session);
    }
    update.push(") RETURNING id");
    // Each length is a statement of its own: not worth remembering.
    let ended: Vec<SessionId> = update
        .build_query_scalar()
        .persistent(false)
        .fetch_all(&mut **write)
        .await?;
    for session in &ended {
        note(write, account, *session, reason, at);
    }
    Ok(ended)
}

/// Says that a session was ended: in the audit, and to the other nodes.
fn note(
    write: &mut Write<'_>,
    account: AccountId,
    session: SessionId,
    reason: EndReason,
    at: Timestamp,
) {
    let event = AuditEvent::SessionEnded(reason);
    write.audit(AuditEntry::new(at, event, Some(account)).about(session));
    let what = What::SessionEnded { session, reason };
    write.change(Change { at, what });
}
