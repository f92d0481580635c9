//! What an app adds to the access tokens of its accounts.
//!
//! Other services then read it from the token alone: a plan, say, or a tenant. It stands in the claim
//! `app`, a private one (RFC 7519 §4.3), so that it never meets a registered name. It is as old as the
//! token: at most `access_ttl`.
//!
//! An app is asked before anything is written, so that a fault of it costs nobody a session: the answer
//! is 503, and the next try asks again.

use std::{error::Error, fmt, pin::Pin, sync::Arc, time::Duration};

use serde_json::{Map, Value};

use crate::{accounts::AccountId, auth::Auth, error::AuthError};

/// What an app says of an account: the members of the claim `app`.
pub type AppClaims = Map<String, Value>;

/// The most that they may be, in bytes of JSON. Browsers keep 4,096 bytes for a cookie, and the token
/// needs its part.
const MAX_BYTES: usize = 512;
/// How long an app may take to answer.
const TIMEOUT: Duration = Duration::from_secs(4);

type Answer = Pin<Box<dyn Future<Output = Result<AppClaims, BoxError>> + Send>>;
type BoxError = Box<dyn Error + Send + Sync>;

/// Asks an app what the access tokens of an account are to say.
#[derive(Clone)]
pub struct ClaimSource(Arc<dyn Fn(AccountId) -> Answer + Send + Sync>);

impl ClaimSource {
    /// Asks that. At a sign-up the account is about to be written, and not there yet.
    pub fn new<F, E>(ask: impl Fn(AccountId) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<AppClaims, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self(Arc::new(move |account| {
            let asked = ask(account);
            Box::pin(async move { asked.await.map_err(Into::into) })
        }))
    }
}

impl fmt::Debug for ClaimSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimSource")
    }
}

/// Why there are no claims of the app.
#[derive(Debug, thiserror::Error)]
pub enum ClaimsError {
    /// The app could not say.
    #[error("the app's claims: {0}")]
    Failed(BoxError),
    /// The app did not answer in time.
    #[error("the app's claims: no answer within {} s", TIMEOUT.as_secs())]
    Hung,
    /// They are too large.
    #[error("the app's claims: {0} bytes, and {MAX_BYTES} is the most")]
    TooLarge(usize),
}

impl Auth {
    /// Adds what that source says to the access tokens that are issued from now on. The first one
    /// stays.
    pub fn add_claims(&self, source: ClaimSource) {
        let _ = self.claim_source.set(source);
    }

    pub(crate) async fn app_claims(&self, account: AccountId) -> Result<AppClaims, AuthError> {
        let Some(source) = self.claim_source.get() else {
            return Ok(AppClaims::new());
        };
        let claims = match tokio::time::timeout(TIMEOUT, (source.0)(account)).await {
            Ok(Ok(claims)) => claims,
            Ok(Err(error)) => return Err(ClaimsError::Failed(error).into()),
            Err(_) => return Err(ClaimsError::Hung.into()),
        };
        let bytes = Value::Object(claims.clone()).to_string().len();
        if bytes > MAX_BYTES {
            return Err(ClaimsError::TooLarge(bytes).into());
        }
        Ok(claims)
    }
}
