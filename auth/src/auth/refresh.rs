//! Checking an access token, and renewing the pair.

use std::sync::Arc;

use super::{Auth, AuthError, TokenPair};
use crate::{
    rotation::{Verdict, verdict},
    session::{Channel, Client, EndReason, Session},
    store::Rotation,
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
    /// Whose request this is, by the token of a cookie and memory alone: no database.
    pub fn check_access(&self, token: &str) -> Result<Arc<AccessClaims>, AccessError> {
        self.check_access_by(Channel::Cookies, token)
    }

    /// Whose request this is, by a Bearer token (RFC 6750 §2.1) and memory alone: no database.
    pub fn check_bearer_access(&self, token: &str) -> Result<Arc<AccessClaims>, AccessError> {
        self.check_access_by(Channel::Bearer, token)
    }

    fn check_access_by(
        &self,
        channel: Channel,
        token: &str,
    ) -> Result<Arc<AccessClaims>, AccessError> {
        let now = self.now();
        let claims = self.tokens.check_access(token, channel, now)?;
        if let Some(reason) = self.denylist.find(claims.sid) {
            return Err(AccessError::Ended(reason));
        }
        self.seen.note(claims.sid, claims.generation, now);
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
        let presented = self.tokens.check_refresh(token, channel, now)?;
        for _ in 0..ROUNDS {
            let Some(session) = self.find_session(&presented).await? else {
                return Err(RefreshError::Ended(EndReason::Unknown));
            };
            // No replay, however old its generation: a browser may find it where it was left.
            if now.as_seconds() >= presented.exp {
                let over = session.ended(now.max(session.refresh_expires_at()));
                return Err(RefreshError::Ended(over.unwrap_or(EndReason::Idle)));
            }
            let seen_at = self.seen.first_at(session.id, session.generation);
            let seen_at = session.generation_seen_at.or(seen_at);
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
                        client,
                    };
                    if let Some(session) = self.rotate(session, &rotation).await? {
                        return Ok(self.issue(&session, now)?);
                    }
                }
                Verdict::Repeat => return Ok(self.issue(&session, now)?),
                Verdict::Reused => {
                    self.end(session.account_id, session.id, EndReason::Reused)
                        .await?;
                    return Err(RefreshError::Ended(EndReason::Reused));
                }
                Verdict::Ended(reason) => return Err(RefreshError::Ended(reason)),
            }
        }
        Err(AuthError::Contention.into())
    }

    async fn find_session(&self, claims: &RefreshClaims) -> Result<Option<Session>, AuthError> {
        let session = self.store.find_session(claims.sid).await?;
        Ok(session.filter(|session| session.account_id == claims.sub))
    }

    /// The session as it is after the rotation; `None` if somebody else was faster.
    async fn rotate(
        &self,
        session: Session,
        rotation: &Rotation<'_>,
    ) -> Result<Option<Session>, AuthError> {
        let won = self.store.rotate(rotation).await?;
        Ok(won.then_some(Session {
            generation: rotation.to,
            rotated_at: rotation.at,
            generation_seen_at: None,
            seen_at: rotation.at,
            ip: rotation.client.ip.clone(),
            idle_expires_at: rotation.idle_expires_at,
            ..session
        }))
    }
}
