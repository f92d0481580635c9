//! What the store promises about sessions.

use async_trait::async_trait;

use crate::{
    accounts::AccountId,
    clock::Timestamp,
    roles::Roles,
    sessions::evidence::Use,
    sessions::{EndReason, Generation, Session, SessionId},
    store::error::StoreError,
    version::{AccountVersion, CredentialVersion},
};

/// Sessions in the store.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Starts a session, if what the sign-in was checked against still holds. In the same transaction
    /// the session ends whose place it takes, and so do those of the account that there is no room
    /// for any more, the longest unused first.
    async fn start_session(&self, new: &NewSession) -> Result<Start, StoreError>;

    /// The sessions of those ids, dead or alive, in any order.
    async fn find_sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError>;

    /// The account's sessions that are alive at `now`, the newest first, at most `limit`: those older
    /// than `after`, which is one of them.
    async fn live_sessions(
        &self,
        account: AccountId,
        now: Timestamp,
        after: Option<SessionId>,
        limit: u32,
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

    /// Ends every session of the account but the one kept, however many there are: some at a time, each
    /// time for good. Answers which.
    async fn end_other_sessions(
        &self,
        account: AccountId,
        kept: Option<SessionId>,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// Writes down which generations were seen in use. A use of an older generation, or an
    /// older use, changes nothing.
    async fn write_evidence(&self, uses: &[Use]) -> Result<(), StoreError>;
}

/// A session about to be started.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its row. What it says of the account is not written: the account's row knows better.
    pub session: Session,
    /// What the sign-in was checked against.
    pub checked: CredentialVersion,
    /// Whose place it takes, if anybody's: the session that the same browser held, and its account.
    pub replaces: Option<(AccountId, SessionId)>,
    /// How many of the account's sessions may be alive, with this one.
    pub at_most: u32,
}

/// What became of a new session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// It is there.
    Started(Started),
    /// The account was disabled meanwhile, its password changed, or it is gone. Nothing was written.
    Void,
}

/// What is true of a session's account at the moment when it started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The account's roles.
    pub roles: Roles,
    /// Its version.
    pub account_version: AccountVersion,
    /// The sessions that made way, and why.
    pub ended: Vec<(SessionId, EndReason)>,
}

/// A rotation to be made.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The session that moves.
    pub session: SessionId,
    /// What the row must still say.
    pub from: Generation,
    /// What it will say.
    pub to: Generation,
    /// The time of the rotation.
    pub at: Timestamp,
    /// When the session then ends if nothing refreshes it.
    pub idle_expires_at: Timestamp,
    /// The address that the request came from.
    pub ip: String,
}
