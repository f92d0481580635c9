//! Ways to know who a request is from, each done as a server in earnest would do it, so that what
//! each costs can be measured here and now.
//!
//! Whatever is checked was made for the measurement and is worth nothing outside of it: the keys,
//! the tokens, the rows. The tokens are checked by the [code](monban_auth::specimen) that checks the real
//! ones.
//!
//! - [`Candidate`] names the ways,
//! - `Bench` measures them, one after the other,
//! - [`Measurement`] is what came out, with its [`Histogram`].

mod bench;
mod figures;
mod opaque;
mod signed;
mod table;

use std::future::Future;

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};

pub(crate) use self::bench::{Bench, Resources};
pub use self::{
    bench::MeasureError,
    figures::{Figures, Histogram},
};
use monban_auth::{AccountId, KeyError, Timestamp, token::TokenError};

/// A way to know who a request is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// A JWT, its signature verified for each request, and nothing else asked.
    Jwt,
    /// The same, and whether its session was ended.
    JwtDenylist,
    /// The same, with a memory of the tokens whose signature was found good: what is done here.
    JwtRemembered,
    /// The id of a session, looked up in SQLite, with a CSRF token.
    Session,
    /// An API key, looked up in SQLite.
    ApiKey,
}

impl Candidate {
    /// Its name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::JwtDenylist => "jwt_denylist",
            Self::JwtRemembered => "jwt_remembered",
            Self::Session => "session_sqlite",
            Self::ApiKey => "api_key_sqlite",
        }
    }
}

/// What one candidate costs here.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Which.
    pub candidate: Candidate,
    /// What a client sends with each request.
    pub sent: Sent,
    /// How long the checks took.
    pub figures: Figures,
}

/// What a credential takes on the wire (HTTP/1.1, RFC 9112 §5), without the line's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The headers that it travels in.
    pub headers: &'static str,
    /// Their names and values, in bytes.
    pub bytes: usize,
}

/// One way, ready to check.
pub(crate) trait Check: Send + 'static {
    /// Whether it only computes. Then it must not be run where others wait for their turn.
    const COMPUTES: bool;

    /// Which one it is, and what was made for it.
    fn prepared(&self) -> &Prepared;

    /// Whose request that is.
    fn check(
        &mut self,
        presented: &Credential,
        now: Timestamp,
    ) -> impl Future<Output = Result<AccountId, Refused>> + Send;
}

/// What is made for a candidate before it is measured.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    candidate: Candidate,
    /// What it must let pass.
    genuine: Credential,
    /// What it must refuse. A check that lets all pass is fast.
    wrong: Vec<Credential>,
}

/// What a client sends with a request.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    /// The token, the session's id or the key.
    secret: SecretString,
    /// What proves that a page of ours sent it (OWASP CSRF Prevention Cheat Sheet, synchronizer
    /// token).
    csrf: Option<SecretString>,
}

impl Credential {
    fn new(secret: impl Into<SecretString>) -> Self {
        Self {
            secret: secret.into(),
            csrf: None,
        }
    }

    fn with_csrf(self, csrf: impl Into<SecretString>) -> Self {
        Self {
            csrf: Some(csrf.into()),
            ..self
        }
    }

    /// As it would travel for that candidate.
    fn sent(&self, candidate: Candidate) -> Sent {
        let (headers, around) = match candidate {
            Candidate::Jwt | Candidate::JwtDenylist | Candidate::JwtRemembered => {
                ("Cookie", "Cookie: __Host-monban_access=".len())
            }
            Candidate::Session => (
                "Cookie, X-CSRF-Token",
                "Cookie: __Host-session=X-CSRF-Token: ".len(),
            ),
            Candidate::ApiKey => ("Authorization", "Authorization: Bearer ".len()),
        };
        let csrf = self.csrf.as_ref().map(|csrf| csrf.expose_secret().len());
        Sent {
            headers,
            bytes: around + self.secret.expose_secret().len() + csrf.unwrap_or(0),
        }
    }
}

/// Why a credential was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// The token is not good.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The token's session is on the denylist.
    #[error("its session has ended")]
    Denied,
    /// There is no such session or key.
    #[error("unknown")]
    Unknown,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// The CSRF token is not the session's.
    #[error("wrong CSRF token")]
    Csrf,
    /// Where it would be looked up, nobody answers.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

/// Why a candidate could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// There are no random bytes.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no table in memory.
    #[error(transparent)]
    Table(#[from] sqlx::Error),
}

/// 256 random bits, encoded: far more than the 64 of entropy that OWASP asks of a session's id.
fn random() -> Result<String, KeyError> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| KeyError::Generate)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a secret: whoever reads the table can present none. A fast hash is enough where
/// nobody could guess.
fn hashed(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes()))
}
