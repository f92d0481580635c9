//! Sessions, in SQL.

pub(super) mod start;

use async_trait::async_trait;

use self::start::{end_one, end_some, start};
use super::{EngineStore, find_sessions, hold_account, rotate_sessions, write::Write};
use crate::{
    accounts::AccountId,
    clock::Timestamp,
    sessions::{
        EndReason, NewSession, Rotation, Session, SessionId, SessionStore, Start, Started,
        evidence::Use,
    },
    store::{
        columns::session_columns,
        error::{StoreError, with_timeout},
    },
};

#[async_trait]
impl SessionStore for EngineStore {
    async fn start_session(&self, new: &NewSession) -> Result<Start, StoreError> {
        with_timeout(async {
            let mut write = Write::begin(self).await?;
            let Some(account) = hold_account(&mut write, new.session.account_id).await? else {
                return Ok(Start::Void);
            };
            if account.disabled_at.is_some() || account.credential_version != new.checked {
                return Ok(Start::Void);
            }
            let ended = start(&mut write, new).await?;
            write.commit().await?;
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
            let mut write = Write::begin(self).await?;
            let ended = end_one(&mut write, account, session, reason, now).await?;
            if ended {
                write.commit().await?;
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
                let mut write = Write::begin(self).await?;
                let ended = end_some(&mut write, account, kept, reason, now).await?;
                if !ended.is_empty() {
                    write.commit().await?;
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

    async fn write_evidence(&self, uses: &[Use]) -> Result<(), StoreError> {
        // In one order on every node, so that two which write at once do not wait for each other.
        let mut uses = uses.to_vec();
        uses.sort_by_key(|used| used.session);
        with_timeout(async {
            let mut write = Write::begin(self).await?;
            for used in uses {
                sqlx::query(
                    "UPDATE sessions
                     SET generation_seen_at = CASE WHEN generation = $2
                                                   THEN coalesce(generation_seen_at, $3)
                                                   ELSE generation_seen_at END,
                         seen_at = CASE WHEN seen_at < $4 THEN $4 ELSE seen_at END
                     WHERE id = $1",
                )
                .bind(used.session)
                .bind(used.generation)
                .bind(used.first_at)
                .bind(used.at)
                .execute(&mut *write)
                .await?;
            }
            write.commit().await
        })
        .await
    }
}
