//! Sessions, in SQL.

use async_trait::async_trait;

use super::{
    EngineStore, begin_write, find_sessions, hold_account, rotate_sessions,
    start::{end_one, end_some, start},
};
use crate::{
    account::AccountId,
    clock::Timestamp,
    seen::Sighting,
    session::{EndReason, Session, SessionId},
    store::{
        Ended, NewSession, Rotation, Sessions, Start, Started, StoreError,
        columns::session_columns, with_timeout,
    },
};

#[async_trait]
impl Sessions for EngineStore {
    async fn start_session(&self, new: &NewSession) -> Result<Start, StoreError> {
        with_timeout(async {
            let mut write = begin_write(&self.writer).await?;
            let Some(account) = hold_account(&mut write, new.session.account_id).await? else {
                return Ok(Start::Void);
            };
            if account.disabled_at.is_some() || account.credential_version != new.checked {
                return Ok(Start::Void);
            }
            let ended = start(&mut write, new).await?;
            if ended.is_empty() {
                write.commit().await?;
            } else {
                self.commit_and_tell(write).await?;
            }
            Ok(Start::Started(Started {
                roles: account.roles,
                account_version: account.version,
                ended,
            }))
        })
        .await
    }

    async fn find_sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError> {
        with_timeout(find_sessions(&self.reader, ids)).await
    }

    async fn live_sessions(
        &self,
        account: AccountId,
        now: Timestamp,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        with_timeout(
            sqlx::query_as(concat!(
                "SELECT ",
                session_columns!(),
                " FROM sessions s JOIN accounts a ON a.id = s.account_id
                 WHERE s.account_id = $1 AND s.ended_at IS NULL
                   AND s.idle_expires_at > $2 AND s.absolute_expires_at > $2
                   AND ($3 IS NULL OR (s.created_at, s.id) < (
                       SELECT created_at, id FROM sessions WHERE id = $3 AND account_id = $1))
                 ORDER BY s.created_at DESC, s.id DESC
                 LIMIT $4",
            ))
            .bind(account)
            .bind(now)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.reader),
        )
        .await
    }

    async fn rotate_sessions(&self, rotations: &[Rotation]) -> Result<Vec<SessionId>, StoreError> {
        with_timeout(rotate_sessions(&self.writer, rotations)).await
    }

    async fn end_session(
        &self,
        account: AccountId,
        session: SessionId,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        with_timeout(async {
            let mut write = begin_write(&self.writer).await?;
            let ended = end_one(&mut write, account, session, reason, now).await?;
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
        let mut all = Vec::new();
        loop {
            let ended = with_timeout(async {
                let mut write = begin_write(&self.writer).await?;
                let ended = end_some(&mut write, account, kept, reason, now).await?;
                if !ended.is_empty() {
                    self.commit_and_tell(write).await?;
                }
                Ok(ended)
            })
            .await?;
            if ended.is_empty() {
                return Ok(all);
            }
            all.extend(ended);
        }
    }

    async fn ended_since(&self, since: Timestamp) -> Result<Vec<Ended>, StoreError> {
        with_timeout(
            sqlx::query_as("SELECT id, end_reason, ended_at FROM sessions WHERE ended_at >= $1")
                .bind(since)
                .fetch_all(&self.feed),
        )
        .await
    }

    async fn write_sightings(&self, sightings: &[Sighting]) -> Result<(), StoreError> {
        // In one order on every node, so that two which write at once do not wait for each other.
        let mut sightings = sightings.to_vec();
        sightings.sort_by_key(|sighting| sighting.session);
        with_timeout(async {
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
