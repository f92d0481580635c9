//! What the store promises about sessions.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::AccountId,
    clock::Timestamp,
    seen::Sighting,
    session::{EndReason, Generation, Session, SessionId},
};

/// Sessions in the store.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Starts a session.
    async fn start_session(&self, session: &Session) -> Result<(), StoreError>;

    /// The sessions of those ids, dead or alive, in any order.
    async fn find_sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError>;

    /// The account's sessions that are alive at `now`, the newest first.
    async fn live_sessions(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError>;

    /// Compare-and-swap: moves living sessions from one generation to the next, each at most once.
    /// Answers which of them stood where they should. All or none are written.
    async fn rotate_sessions(&self, rotations: &[Rotation]) -> Result<Vec<SessionId>, StoreError>;

    /// Ends a session of that account. False if it was over already, or is not there.
    async fn end_session(
        &self,
        account: AccountId,
        session: SessionId,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Ends every session of the account but the one kept. Answers which.
    async fn end_other_sessions(
        &self,
        account: AccountId,
        kept: Option<SessionId>,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// The sessions that were ended since then.
    async fn ended_since(&self, since: Timestamp) -> Result<Vec<Ended>, StoreError>;

    /// Writes down which generations were seen in use. A sighting of an older generation, or an
    /// older sighting, changes nothing.
    async fn write_sightings(&self, sightings: &[Sighting]) -> Result<(), StoreError>;
}

/// A rotation to be made.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// Whose.
    pub session: SessionId,
    /// What the row must still say.
    pub from: Generation,
    /// What it will say.
    pub to: Generation,
    /// When.
    pub at: Timestamp,
    /// When the session then ends if nothing refreshes it.
    pub idle_expires_at: Timestamp,
    /// The address that the request came from.
    pub ip: String,
}

/// A session that was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Ended {
    /// Which.
    pub id: SessionId,
    /// Why.
    pub end_reason: EndReason,
    /// When.
    #[sqlx(rename = "ended_at")]
    pub at: Timestamp,
}
