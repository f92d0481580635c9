//! What is done with sessions: listing and ending them, and signing out.

use super::{
    end_reason::EndReason,
    persistence::Channel,
    refresh::RefreshError,
    session::{Session, SessionId},
};
use crate::{
    accounts::AccountId,
    auth::Auth,
    error::AuthError,
    token::{AccessClaims, RefreshToken},
};

/// Some of the places where an account is signed in.
#[derive(Clone, Debug)]
pub struct SessionPage {
    /// The sessions.
    pub sessions: Vec<Session>,
    /// What to ask for the ones `after`; `None` on the last page.
    pub next: Option<SessionId>,
}

/// Sessions, and what is done with them.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a> {
    auth: &'a Auth,
}

impl Auth {
    /// The sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions { auth: self }
    }
}

impl Sessions<'_> {
    /// The session of that id as its row says it is, dead or alive.
    pub async fn find(&self, id: SessionId) -> Result<Option<Session>, AuthError> {
        Ok(self.auth.store.find_session(id).await?)
    }

    /// Where the asker's account is signed in, at most `limit` a page, two at least: the asker's own session first,
    /// then the newest, older than `after`. Last-seen times are as exact as the evidence of use keeps them.
    /// Writes nothing.
    pub async fn list(
        &self,
        asker: &AccessClaims,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<SessionPage, AuthError> {
        // The asker's own takes a place, and one more than asked for tells whether there is a next page.
        let limit = limit.max(2);
        let most = limit.saturating_add(2);
        let mut others = self.list_of(asker.sub, after, most).await?;
        let own = others.iter().position(|session| session.id == asker.sid);
        let own = own.map(|place| others.remove(place));
        let first_page = after.is_none();
        let own = match own {
            Some(own) if first_page => Some(own),
            None if first_page => self.find_living(asker).await?,
            _ => None,
        };
        let room = usize::try_from(limit).unwrap_or(usize::MAX) - usize::from(own.is_some());
        let more = others.len() > room;
        others.truncate(room);
        let next = others.last().map(|last| last.id).filter(|_| more);
        let sessions = own.into_iter().chain(others).collect();
        Ok(SessionPage { sessions, next })
    }

    /// Where an account is signed in, the newest first, older than `after`, at most `limit`.
    pub async fn list_of(
        &self,
        account: AccountId,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, AuthError> {
        let (now, store) = (self.auth.now(), &self.auth.store);
        let mut sessions = store.live_sessions(account, now, after, limit).await?;
        for session in &mut sessions {
            self.auth.overlay_use(session);
        }
        Ok(sessions)
    }

    /// Ends one session of the asker's account. Idempotent.
    pub async fn end(&self, asker: &AccessClaims, session: SessionId) -> Result<(), AuthError> {
        if session == asker.sid {
            self.auth
                .end_own(asker.sub, session, EndReason::SignedOut)
                .await
        } else {
            self.auth
                .end_one(asker.sub, session, EndReason::Revoked)
                .await?;
            Ok(())
        }
    }

    /// Ends every session of the asker's account but the asker's own.
    pub async fn end_others(&self, asker: &AccessClaims) -> Result<(), AuthError> {
        self.auth
            .end_all_but(asker.sub, Some(asker.sid), EndReason::Revoked)
            .await
    }

    async fn find_living(&self, asker: &AccessClaims) -> Result<Option<Session>, AuthError> {
        let found = self.auth.store.find_session(asker.sid).await?;
        let mut own =
            found.filter(|own| own.account_id == asker.sub && own.ended(self.auth.now()).is_none());
        if let Some(own) = &mut own {
            self.auth.overlay_use(own);
        }
        Ok(own)
    }
}

impl Auth {
    /// Adds what this node's memory knows and the row not yet: when the session was last used.
    pub(crate) fn overlay_use(&self, session: &mut Session) {
        if let Some(used) = self.evidence.last_used(session.id) {
            session.seen_at = session.seen_at.max(used);
        }
    }

    pub(crate) async fn end_all_but(
        &self,
        account: AccountId,
        kept: Option<SessionId>,
        reason: EndReason,
    ) -> Result<(), AuthError> {
        let (now, store) = (self.now(), &self.store);
        let ended = store.end_other_sessions(account, kept, reason, now).await?;
        for session in ended {
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
            .check_refresh(token, Channel::Cookies, self.now())
            .await
        {
            Ok(claims) => self.end_own(claims.sub, claims.sid, reason).await,
            Err(RefreshError::Auth(error)) => Err(error),
            Err(RefreshError::Token(_) | RefreshError::Ended(_)) => Ok(()),
        }
    }

    /// Ends the session of whoever asks. It is refused here from now on, also if it was over before
    /// and this node has not heard of it.
    async fn end_own(
        &self,
        account: AccountId,
        session: SessionId,
        reason: EndReason,
    ) -> Result<(), AuthError> {
        if self.end_one(account, session, reason).await? {
            return Ok(());
        }
        match self.store.find_session(session).await? {
            None => self.denylist.add(session, reason, self.now()),
            Some(row) if row.account_id == account => {
                let at = row.ended_at.unwrap_or_else(|| self.now());
                self.denylist
                    .add(session, row.end_reason.unwrap_or(reason), at);
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Ends a session in the row first and then in memory, so that what is refused here is over
    /// everywhere. False if it was over before, or is not the account's.
    pub(crate) async fn end_one(
        &self,
        account: AccountId,
        session: SessionId,
        reason: EndReason,
    ) -> Result<bool, AuthError> {
        let now = self.now();
        let ended = self
            .store
            .end_session(account, session, reason, now)
            .await?;
        if ended {
            self.denylist.add(session, reason, now);
        }
        Ok(ended)
    }
}
