//! Checking an access token, and renewing the pair.

use std::sync::Arc;

use tokio::sync::OnceCell;

use super::{
    denylist::Denial,
    end_reason::EndReason,
    persistence::Channel,
    rotation::{Verdict, verdict},
    session::{Client, Session},
    store::Rotation,
};
use crate::{
    auth::{Auth, TokenPair},
    clock::Timestamp,
    error::AuthError,
    token::{AccessClaims, RefreshClaims, RefreshToken, TokenError},
};

/// A lost race means that somebody else moved the row on, so two rounds settle nearly everything.
const ROUNDS: usize = 8;

/// Why an access token proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The token itself is not good: malformed, forged, expired.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Its session was ended.
    #[error("the session is over: {}", .0.code())]
    Ended(EndReason),
    /// What it says of its account is no longer true: a refresh brings what is.
    #[error("the account has changed since")]
    Stale,
    /// This node may have missed a change, and the database does not answer.
    #[error("nobody can say whether the session is over")]
    Unavailable,
}

/// Why a pair was not renewed.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The session is over, and why.
    #[error("the session is over: {}", .0.code())]
    Ended(EndReason),
    /// The token itself is not good.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Our side failed. The session is as alive as before.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl Auth {
    /// Whose request this is, by the token of a cookie and memory alone: no database, unless this
    /// node may have missed what others changed.
    pub async fn check_access(&self, token: &str) -> Result<Arc<AccessClaims>, AccessError> {
        self.check_access_by(Channel::Cookies, token).await
    }

    /// Whose request this is, by a Bearer token (RFC 6750 §2.1), as above.
    pub async fn check_bearer_access(&self, token: &str) -> Result<Arc<AccessClaims>, AccessError> {
        self.check_access_by(Channel::Bearer, token).await
    }

    async fn check_access_by(
        &self,
        channel: Channel,
        token: &str,
    ) -> Result<Arc<AccessClaims>, AccessError> {
        if self.is_out_of_sync() && self.reload_old_keys().await.is_err() {
            return Err(AccessError::Unavailable);
        }
        let now = self.now();
        let claims = match self.tokens.check_access(token, channel, now) {
            Err(TokenError::UnknownKid) if self.reload_keys().await.is_ok() => {
                self.tokens.check_access(token, channel, now)?
            }
            checked => checked?,
        };
        match self.denylist.find(&claims) {
            Some(Denial::Ended(reason)) => return Err(AccessError::Ended(reason)),
            Some(Denial::Stale) => return Err(AccessError::Stale),
            None => self.confirm(&claims, now).await?,
        }
        self.evidence.note(claims.sid, claims.generation, now);
        Ok(claims)
    }

    /// Renews the pair, by the [verdict](crate::rotation). However many ask at once, one
    /// generation comes out. A token of the other channel is refused before any row is read, so
    /// it ends nothing.
    pub async fn refresh(
        &self,
        token: &RefreshToken,
        channel: Channel,
        client: &Client,
    ) -> Result<TokenPair, RefreshError> {
        let now = self.now();
        let presented = self.check_refresh(token, channel, now).await?;
        // The app is asked once it is clear that there will be a pair, and once however many rounds it takes.
        let app = OnceCell::new();
        let ask = || self.app_claims(presented.sub);
        for _ in 0..ROUNDS {
            // Before the row, not after: by then the memory may know a generation newer than the
            // row that was read, and nothing any more of the one that it stood at.
            let newest = self.evidence.newest(presented.sid);
            let Some(session) = self.find_session_of(&presented).await? else {
                return Err(RefreshError::Ended(EndReason::Unknown));
            };
            // No replay, however old its generation: a browser may find it where it was left.
            if now.as_seconds() >= presented.exp {
                let over = session.ended(now.max(session.refresh_expires_at()));
                return Err(RefreshError::Ended(over.unwrap_or(EndReason::Idle)));
            }
            // Alive, and nothing that this version could judge: another node will.
            if session.persistence.channel().is_none() && session.ended(now).is_none() {
                return Err(AuthError::NewerSession.into());
            }
            let noted = newest.filter(|(generation, _)| *generation == session.generation);
            let seen_at = session
                .generation_seen_at
                .or(noted.map(|(_, first_at)| first_at));
            match verdict(
                &session,
                presented.generation,
                seen_at,
                self.rules.grace_of(channel),
                now,
            ) {
                Verdict::Rotate { from, to } => {
                    let rotation = Rotation {
                        session: session.id,
                        from,
                        to,
                        at: now,
                        idle_expires_at: self.rules.lifetimes.idle_expiry(session.persistence, now),
                        ip: client.ip.clone(),
                    };
                    let app = app.get_or_try_init(ask).await?;
                    if let Some(session) = self.rotate(session, rotation).await? {
                        return Ok(self.issue(&session, app.clone(), now)?);
                    }
                }
                Verdict::Repeat => {
                    let app = app.get_or_try_init(ask).await?;
                    let pair = self.issue(&session, app.clone(), now)?;
                    return Ok(TokenPair {
                        repeated: true,
                        ..pair
                    });
                }
                Verdict::Reused => {
                    self.end_one(session.account_id, session.id, EndReason::Reused)
                        .await?;
                    return Err(RefreshError::Ended(EndReason::Reused));
                }
                Verdict::Ended(reason) => return Err(RefreshError::Ended(reason)),
            }
        }
        Err(AuthError::Contention.into())
    }

    /// What a refresh token of a cookie says; `None` if it is not ours. Whether its session is alive
    /// is not asked.
    pub fn read_refresh(&self, token: &RefreshToken) -> Option<RefreshClaims> {
        let now = self.now();
        let claims = self.tokens.check_refresh(token, Channel::Cookies, now);
        claims.ok()
    }

    /// What a refresh token of that channel says, by a key that may be new here.
    pub(crate) async fn check_refresh(
        &self,
        token: &RefreshToken,
        channel: Channel,
        now: Timestamp,
    ) -> Result<RefreshClaims, RefreshError> {
        match self.tokens.check_refresh(token, channel, now) {
            Err(TokenError::UnknownKid) => {
                self.reload_keys().await?;
                Ok(self.tokens.check_refresh(token, channel, now)?)
            }
            checked => Ok(checked?),
        }
    }

    async fn find_session_of(&self, claims: &RefreshClaims) -> Result<Option<Session>, AuthError> {
        let session = self.store.find_session(claims.sid).await?;
        Ok(session.filter(|session| session.account_id == claims.sub))
    }

    /// The session as it is after the rotation; `None` if somebody else was faster.
    async fn rotate(
        &self,
        session: Session,
        rotation: Rotation,
    ) -> Result<Option<Session>, AuthError> {
        let won = self.store.rotate(rotation.clone()).await?;
        Ok(won.then_some(Session {
            generation: rotation.to,
            rotated_at: rotation.at,
            generation_seen_at: None,
            seen_at: rotation.at,
            ip: rotation.ip,
            idle_expires_at: rotation.idle_expires_at,
            ..session
        }))
    }
}
