//! Starting a session.

use super::{
    end_reason::EndReason,
    persistence::{Channel, Persistence},
    refresh::RefreshError,
    session::{Client, Session, SessionId},
    store::NewSession,
};
use crate::{
    accounts::AccountId, auth::Auth, error::AuthError, roles::Roles, version::CredentialVersion,
};

/// How many sessions of one account may be alive. Whoever has its password could else start so many
/// that the list is of no use; the one that was unused for the longest time makes way.
pub(crate) const SESSIONS_AT_MOST: u32 = 100;

impl Auth {
    /// A session for whoever was checked by that credential. It takes the place of the one that the
    /// same browser holds.
    pub(crate) async fn new_session(
        &self,
        account: AccountId,
        checked: CredentialVersion,
        persistence: Persistence,
        client: &Client,
    ) -> Result<NewSession, AuthError> {
        let replaces = self.find_held(client).await?;
        let (lifetimes, now) = (&self.rules.lifetimes, self.now());
        let roles = Roles::default();
        Ok(NewSession {
            session: Session::begin(account, roles, persistence, client, lifetimes, now),
            checked,
            replaces,
            at_most: SESSIONS_AT_MOST,
        })
    }

    /// The session whose refresh token the client holds, and its account.
    async fn find_held(
        &self,
        client: &Client,
    ) -> Result<Option<(AccountId, SessionId)>, AuthError> {
        let Some(token) = &client.held else {
            return Ok(None);
        };
        match self
            .check_refresh(token, Channel::Cookies, self.now())
            .await
        {
            Ok(claims) => Ok(Some((claims.sub, claims.sid))),
            Err(RefreshError::Auth(error)) => Err(error),
            Err(RefreshError::Token(_) | RefreshError::Ended(_)) => Ok(None),
        }
    }

    /// Refuses the sessions that made way for a new one, here and now.
    pub(crate) fn deny_all(&self, ended: &[(SessionId, EndReason)]) {
        let now = self.now();
        for (session, reason) in ended {
            self.denylist.add(*session, *reason, now);
        }
    }
}
