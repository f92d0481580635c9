//! What a signed-in person does with their account and sessions.

use super::{Auth, AuthError};
use crate::{
    account::{Account, AccountId, Name},
    session::{Channel, EndReason, Session, SessionId},
    token::{AccessClaims, RefreshClaims, RefreshToken},
};

impl Auth {
    /// The account of that id.
    pub async fn find_account(&self, id: AccountId) -> Result<Option<Account>, AuthError> {
        Ok(self.store.find_account(id).await?)
    }

    /// Gives the account another name. False if it is gone.
    pub async fn rename_account(&self, id: AccountId, name: &Name) -> Result<bool, AuthError> {
        Ok(self.store.rename_account(id, name).await?)
    }

    /// The session of that id as its row says it is, dead or alive.
    pub async fn find_session(&self, id: SessionId) -> Result<Option<Session>, AuthError> {
        Ok(self.store.find_session(id).await?)
    }

    /// What a refresh token of a cookie says; `None` if it is not ours. Whether its session is alive
    /// is not asked.
    pub fn read_refresh(&self, token: &RefreshToken) -> Option<RefreshClaims> {
        let now = self.now();
        let claims = self.tokens.check_refresh(token, Channel::Cookies, now);
        claims.ok()
    }

    /// Where the account is signed in, the newest first. Last-seen times are as exact as
    /// [`seen`](crate::seen) keeps them.
    pub async fn list_sessions(&self, account: AccountId) -> Result<Vec<Session>, AuthError> {
        self.write_behind().await?;
        Ok(self.store.live_sessions(account, self.now()).await?)
    }

    /// Ends one session of the asker's account. Idempotent.
    pub async fn end_session(
        &self,
        asker: &AccessClaims,
        session: SessionId,
    ) -> Result<(), AuthError> {
        let reason = if session == asker.sid {
            EndReason::SignedOut
        } else {
            EndReason::Revoked
        };
        self.end(asker.sub, session, reason).await
    }

    /// Ends every session of the asker's account but the asker's own.
    pub async fn end_other_sessions(&self, asker: &AccessClaims) -> Result<(), AuthError> {
        let (now, reason) = (self.now(), EndReason::Revoked);
        for session in self
            .store
            .end_other_sessions(asker.sub, Some(asker.sid), reason, now)
            .await?
        {
            self.denylist.add(session, reason, now);
        }
        Ok(())
    }

    /// Ends the session of this refresh token, whatever its generation and age: whoever holds one
    /// may always sign out. A token that is not ours, or not a cookie's, ends nothing.
    pub async fn sign_out(&self, token: &RefreshToken) -> Result<(), AuthError> {
        self.end_presented(token, EndReason::SignedOut).await
    }

    /// Ends the session that a new sign-in in the same browser takes the place of.
    pub async fn replace(&self, token: &RefreshToken) -> Result<(), AuthError> {
        self.end_presented(token, EndReason::Replaced).await
    }

    async fn end_presented(
        &self,
        token: &RefreshToken,
        reason: EndReason,
    ) -> Result<(), AuthError> {
        match self
            .tokens
            .check_refresh(token, Channel::Cookies, self.now())
        {
            Ok(claims) => self.end(claims.sub, claims.sid, reason).await,
            Err(_) => Ok(()),
        }
    }

    /// Ends a session in the row first and then in memory, so that what is refused here is over
    /// everywhere.
    pub(super) async fn end(
        &self,
        account: AccountId,
        session: SessionId,
        reason: EndReason,
    ) -> Result<(), AuthError> {
        let now = self.now();
        if self
            .store
            .end_session(account, session, reason, now)
            .await?
        {
            self.denylist.add(session, reason, now);
        }
        Ok(())
    }
}
