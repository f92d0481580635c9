//! Sessions, in SQL.

use async_trait::async_trait;

use sqlx::Transaction;

use super::{Db, Here, begin_write, find_sessions, insert_audit, rotate_sessions};
use crate::{
    account::AccountId,
    audit::{AuditEntry, AuditEvent},
    clock::Timestamp,
    seen::Sighting,
    session::{EndReason, Session, SessionId},
    store::{Ended, Rotation, Sessions, StoreError, columns::session_columns, within},
};

#[async_trait]
impl Sessions for Here {
    async fn start_session(&self, session: &Session) -> Result<(), StoreError> {
        within(async {
            let mut write = begin_write(&self.writer).await?;
            sqlx::query(
                "INSERT INTO sessions (id, account_id, generation, rotated_at, seen_at, persistence,
                                       created_at, idle_expires_at, absolute_expires_at,
                                       ip, user_agent)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
            .execute(&mut *write)
            .await?;
            let entry = AuditEntry {
                at: session.created_at,
                event: AuditEvent::SignedIn,
                account_id: Some(session.account_id),
                session_id: Some(session.id),
            };
            insert_audit(&mut write, entry).await?;
            write.commit().await
        })
        .await
    }

    async fn find_sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError> {
        within(find_sessions(&self.reader, ids)).await
    }

    async fn live_sessions(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        within(
            sqlx::query_as(concat!(
                "SELECT ",
                session_columns!(),
                " FROM sessions s JOIN accounts a ON a.id = s.account_id
                 WHERE s.account_id = $1 AND s.ended_at IS NULL
                   AND s.idle_expires_at > $2 AND s.absolute_expires_at > $2
                 ORDER BY s.created_at DESC, s.id DESC",
            ))
            .bind(account)
            .bind(now)
            .fetch_all(&self.reader),
        )
        .await
    }

    async fn rotate_sessions(&self, rotations: &[Rotation]) -> Result<Vec<SessionId>, StoreError> {
        within(rotate_sessions(&self.writer, rotations)).await
    }

    async fn end_session(
        &self,
        account: AccountId,
        session: SessionId,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        within(async {
            let mut write = begin_write(&self.writer).await?;
            let ended = mark_ended(&mut write, account, session, reason, now).await?;
            if ended {
                self.commit_and_tell(write).await?;
            }
            Ok(ended)
        })
        .await
    }

    async fn end_other_sessions(
        &self,
        account: AccountId,
        kept: Option<SessionId>,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError> {
        within(async {
            let mut write = begin_write(&self.writer).await?;
            // One by one, in the order in which everybody locks several.
            let found: Vec<SessionId> = sqlx::query_scalar(
                "SELECT id FROM sessions
                 WHERE account_id = $1 AND id <> $2 AND ended_at IS NULL
                 ORDER BY id",
            )
            .bind(account)
            .bind(kept.unwrap_or(SessionId::NONE))
            .fetch_all(&mut *write)
            .await?;
            let mut ended = Vec::with_capacity(found.len());
            for session in found {
                if mark_ended(&mut write, account, session, reason, now).await? {
                    ended.push(session);
                }
            }
            if !ended.is_empty() {
                self.commit_and_tell(write).await?;
            }
            Ok(ended)
        })
        .await
    }

    async fn ended_since(&self, since: Timestamp) -> Result<Vec<Ended>, StoreError> {
        within(
            sqlx::query_as("SELECT id, end_reason, ended_at FROM sessions WHERE ended_at >= $1")
                .bind(since)
                .fetch_all(&self.reader),
        )
        .await
    }

    async fn write_sightings(&self, sightings: &[Sighting]) -> Result<(), StoreError> {
        // In one order on every node, so that two which write at once do not wait for each other.
        let mut sightings = sightings.to_vec();
        sightings.sort_by_key(|sighting| sighting.session);
        within(async {
            let mut write = begin_write(&self.writer).await?;
            for sighting in sightings {
                sqlx::query(
                    "UPDATE sessions
                     SET generation_seen_at = CASE WHEN generation = $2
                                                   THEN coalesce(generation_seen_at, $3)
                                                   ELSE generation_seen_at END,
                         seen_at = CASE WHEN seen_at < $4 THEN $4 ELSE seen_at END
                     WHERE id = $1",
                )
                .bind(sighting.session)
                .bind(sighting.generation)
                .bind(sighting.first_at)
                .bind(sighting.at)
                .execute(&mut *write)
                .await?;
            }
            write.commit().await
        })
        .await
    }
}

/// Ends a session and says so in the audit. False if it was over, or is not of that account.
async fn mark_ended(
    write: &mut Transaction<'_, Db>,
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
        let entry = AuditEntry {
            at,
            event: AuditEvent::SessionEnded(reason),
            account_id: Some(account),
            session_id: Some(session),
        };
        insert_audit(write, entry).await?;
    }
    Ok(ended)
}
