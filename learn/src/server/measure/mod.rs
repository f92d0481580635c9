//! Ways to know who a request is from, each implemented as a real server would, so that the cost of each
//! can be measured on this machine.
//!
//! The keys, tokens and rows are made for the measurement and are worthless outside of it. The tokens
//! are checked by the [code](monban_auth::specimen) that checks the real ones.
//!
//! - [`Candidate`] names the ways,
//! - `Benchmark` measures them, one after the other,
//! - [`Measurement`] is the result for one, with its [`Histogram`].

mod benchmark;
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

pub(crate) use self::benchmark::{Benchmark, Resources};
pub use self::{
    benchmark::MeasureError,
    figures::{Figures, Histogram},
};
use monban_auth::{AccountId, KeyError, Timestamp, TokenError};

/// A way to know who a request is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// A JWT, whose signature is verified for each request, and no other check.
    Jwt,
    /// The same, with a check whether its session was ended.
    JwtDenylist,
    /// The same, with a cache of the tokens whose signature has been verified: what Monban does.
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

/// The cost of one candidate on this machine.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// The way that was measured.
    pub candidate: Candidate,
    /// What a client sends with each request.
    pub sent: Sent,
    /// How long the checks took.
    pub figures: Figures,
}

/// The size of a credential on the wire (HTTP/1.1, RFC 9112 §5), without the end of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The headers that it travels in.
    pub headers: &'static str,
    /// Their names and values, in bytes.
    pub bytes: usize,
}

/// A candidate that is ready to check credentials.
pub(crate) trait Check: Send + 'static {
    /// Whether a check only computes. Then it must not run on a thread that other tasks need.
    const IS_CPU_BOUND: bool;

    /// The candidate and the credentials that were made for it.
    fn prepared(&self) -> &Prepared;

    /// The account of the credential.
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
    /// The credential that it must accept.
    genuine: Credential,
    /// The credentials that it must refuse. A check that accepts everything is fast.
    wrong: Vec<Credential>,
}

/// What a client sends with a request.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    /// The token, the session's id or the key.
    secret: SecretString,
    /// The proof that a page of this site sent it (OWASP CSRF Prevention Cheat Sheet, synchronizer
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

    /// The headers that it would travel in for that candidate.
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
    /// The token is not valid.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The token's session is on the denylist.
    #[error("its session has ended")]
    Denied,
    /// There is no such session or key.
    #[error("unknown")]
    Unknown,
    /// The session or key has expired.
    #[error("expired")]
    Expired,
    /// The CSRF token is not the session's.
    #[error("wrong CSRF token")]
    Csrf,
    /// The table could not be read.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

/// Why a candidate could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// No random bytes could be generated.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The table in memory could not be created.
    #[error(transparent)]
    Table(#[from] sqlx::Error),
}

/// 256 random bits, encoded: far more than the 64 of entropy that OWASP asks of a session's id.
fn random() -> Result<String, KeyError> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| KeyError::Generate)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a secret: a reader of the table cannot present it. A fast hash is enough for a
/// secret that cannot be guessed.
fn hashed(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes()))
}
