//! Who is here, and what should become of their cookies.
//!
//! Server functions and pages only ask for a change. The session middleware alone writes the
//! auth cookies, once, when the response goes out.

use std::sync::{Arc, Mutex, PoisonError};

use monban_auth::{
    AccessClaims, Auth, Channel, Client, EndReason, RefreshClaims, RefreshError, RefreshToken,
    SessionId, TokenPair,
};

use super::{errors::internal_error, views::end_reason};
use crate::error::AppError;

/// Who a request comes from.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Somebody, by a good access token.
    SignedIn(Arc<AccessClaims>),
    /// Somebody whose access token is missing or stale, who may refresh.
    Stale,
    /// Nobody.
    SignedOut,
    /// Somebody whose session is over. Only a call from a living page is told: its page must go. A
    /// navigation is a stranger's, and its page says why.
    Ended(EndReason),
}

/// What should become of the auth cookies.
#[derive(Clone, Debug)]
pub enum CookieChange {
    /// Set this pair.
    Set(Box<TokenPair>),
    /// Remove the access cookie only, as the browser does when its time is over.
    ExpireAccess,
    /// Remove both: the person signed out. Nothing else removes cookies. A reply to a session that
    /// is over may arrive after a sign-in in another tab, and would take the new pair away.
    Clear,
    /// Remove every cookie of this domain, by whomever it was set.
    ClearAll,
}

/// The session of one request.
#[derive(Debug)]
pub struct SessionHandle {
    identity: Identity,
    refresh_token: Option<RefreshToken>,
    cookie_change: Mutex<Option<CookieChange>>,
}

impl SessionHandle {
    /// The session of a request from `identity`, which presented that refresh token.
    pub fn new(
        identity: Identity,
        refresh_token: Option<RefreshToken>,
        cookie_change: Option<CookieChange>,
    ) -> Self {
        Self {
            identity,
            refresh_token,
            cookie_change: Mutex::new(cookie_change),
        }
    }

    /// Who is here.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What should become of the cookies, for the middleware.
    pub fn cookie_change(&self) -> Option<CookieChange> {
        self.cookie_change
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Who is signed in; `None` if nobody is.
    pub fn find(&self) -> Result<Option<Arc<AccessClaims>>, AppError> {
        match &self.identity {
            Identity::SignedIn(claims) => Ok(Some(Arc::clone(claims))),
            Identity::SignedOut => Ok(None),
            Identity::Stale => Err(AppError::SessionExpired),
            Identity::Ended(reason) => Err(AppError::SessionEnded {
                reason: end_reason(*reason),
            }),
        }
    }

    /// Who is signed in. The guard of every server function that is not for everybody.
    pub fn require(&self) -> Result<Arc<AccessClaims>, AppError> {
        self.find()?.ok_or(AppError::SessionRequired)
    }

    /// Who is signed in, if they have that role.
    pub fn require_role(&self, role: &str) -> Result<Arc<AccessClaims>, AppError> {
        self.require().and_then(|claims| if_has_role(claims, role))
    }

    /// Renews the pair. While the access token is good there is nothing to renew: of many tabs that
    /// ask, those that come late have fresh cookies already.
    pub async fn refresh(&self, auth: &Auth, client: &Client) -> Result<(), AppError> {
        match (&self.identity, &self.refresh_token) {
            (Identity::SignedIn(_), _) => Ok(()),
            (Identity::Ended(reason), _) => Err(AppError::SessionEnded {
                reason: end_reason(*reason),
            }),
            (_, None) => Err(AppError::SessionRequired),
            (_, Some(token)) => match auth.refresh(token, Channel::Cookies, client).await {
                Ok(pair) => {
                    self.renewed(pair);
                    Ok(())
                }
                Err(error) => Err(map_refresh_error(error)),
            },
        }
    }

    /// The refresh token that came.
    pub fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    /// Which session the cookies are of, whatever became of it.
    pub fn presented(&self, auth: &Auth) -> Option<SessionId> {
        let claims = auth.read_refresh(self.refresh_token()?);
        claims.map(|claims| claims.sid)
    }

    /// What the refresh token says that the browser holds after this response.
    pub fn newest_refresh(&self, auth: &Auth) -> Option<RefreshClaims> {
        match self.cookie_change() {
            Some(CookieChange::Set(pair)) => auth.read_refresh(&pair.refresh),
            _ => auth.read_refresh(self.refresh_token()?),
        }
    }

    /// Lets the browser forget its access token.
    pub fn expire_access(&self) -> Result<(), AppError> {
        self.require()?;
        self.set(CookieChange::ExpireAccess);
        Ok(())
    }

    /// A new pair goes out.
    pub fn renewed(&self, pair: TokenPair) {
        self.set(CookieChange::Set(Box::new(pair)));
    }

    /// Signs out, whatever state the tokens are in.
    pub async fn sign_out(&self, auth: &Auth) -> Result<(), AppError> {
        match (&self.identity, &self.refresh_token) {
            (Identity::SignedIn(claims), _) => auth.sessions().end(claims, claims.sid).await,
            (_, Some(token)) => auth.sign_out(token).await,
            (_, None) => Ok(()),
        }
        .map_err(|error| internal_error(&error))?;
        self.set(CookieChange::Clear);
        Ok(())
    }

    /// Lets the browser forget every cookie of this domain. No session ends: whose they are is what
    /// nobody knows.
    pub fn clear_cookies(&self) {
        self.set(CookieChange::ClearAll);
    }

    /// Takes the place of what the session layer decided when the request came: a sign-out beats a rotation.
    fn set(&self, new: CookieChange) {
        let mut change = self
            .cookie_change
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *change = Some(new);
    }
}

/// These claims, if they have that role.
pub fn if_has_role(claims: Arc<AccessClaims>, role: &str) -> Result<Arc<AccessClaims>, AppError> {
    if claims.has_role(role) {
        Ok(claims)
    } else {
        Err(AppError::Forbidden)
    }
}

/// Why a pair was not renewed.
pub fn map_refresh_error(error: RefreshError) -> AppError {
    match error {
        RefreshError::Ended(reason) => AppError::SessionEnded {
            reason: end_reason(reason),
        },
        RefreshError::Token(_) => AppError::SessionRequired,
        RefreshError::Auth(error) => internal_error(&error),
    }
}
