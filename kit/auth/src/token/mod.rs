//! Access and refresh tokens: what they say, how they are made, how they are checked.
//!
//! Both are JWTs (RFC 7519) signed as JWS (RFC 7515). They differ in `typ` (RFC 8725 §3.11, RFC
//! 9068 §2.1) and `aud` (RFC 8725 §3.12), and each is refused where the other is due. So are those
//! of a browser's cookies and of a Bearer client: `aud` names the [channel](crate::Channel). They carry
//! opaque ids and role names, never an address or a personal name (NIST SP 800-63B-4 §5.1.1).
//!
//! - [`Tokens`] makes and checks them,
//! - [`AccessToken`] and [`RefreshToken`] are the secrets themselves,
//! - [`AccessClaims`] and [`RefreshClaims`] are what they say.

mod compact;
mod pair;
mod tokens;
mod verified;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    compact::MalformedToken,
    tokens::{Tokens, signed_part},
};
use crate::{
    accounts::AccountId,
    claims::AppClaims,
    sessions::{Generation, SessionId},
    version::AccountVersion,
};

/// A kind of token, by its `typ` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `at+jwt`: proves who somebody is, for minutes.
    Access,
    /// `rt+jwt`: renews the pair.
    Refresh,
}

impl TokenKind {
    /// The `typ` of the kind (RFC 9068 §2.1 for access tokens, the same style for the other).
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Refresh => "rt+jwt",
        }
    }
}

macro_rules! secret_token {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Wraps a compact JWS. Nothing is checked here.
            pub fn new(compact: impl Into<String>) -> Self {
                Self(SecretString::from(compact.into()))
            }

            /// The token itself, to send to its owner or to check, and for nothing else.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}

secret_token! {
    /// An access token in its compact form.
    AccessToken
}

secret_token! {
    /// A refresh token in its compact form.
    RefreshToken
}

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Issuer: this installation's base URL.
    pub iss: String,
    /// Audience: this installation, its pages or its REST API.
    pub aud: String,
    /// Subject: the account.
    pub sub: AccountId,
    /// Session id (`OpenID` Connect Front-Channel Logout §3).
    pub sid: SessionId,
    /// The generation of the pair.
    #[serde(rename = "gen")]
    pub generation: Generation,
    /// Issued at, in seconds.
    pub iat: i64,
    /// Expires at, in seconds.
    pub exp: i64,
    /// A name for this one token.
    pub jti: Uuid,
    /// The account's roles.
    pub roles: Vec<String>,
    /// When the person last proved who they are, in seconds (`OpenID` Connect Core §2).
    pub auth_time: i64,
    /// How they proved it (RFC 8176).
    pub amr: Vec<String>,
    /// The account's version. `None` in tokens that were issued before accounts had one.
    #[serde(rename = "ver", default, skip_serializing_if = "Option::is_none")]
    pub version: Option<AccountVersion>,
    /// What the app says of the account; left out where it says nothing.
    #[serde(default, skip_serializing_if = "AppClaims::is_empty")]
    pub app: AppClaims,
}

impl AccessClaims {
    /// Whether the account had that role when the token was issued. A token from before a change is
    /// refused, so it has it still.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|name| name == role)
    }
}

/// What a refresh token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshClaims {
    /// Issuer: this installation's base URL.
    pub iss: String,
    /// Audience: this installation's refresh.
    pub aud: String,
    /// Subject: the account.
    pub sub: AccountId,
    /// Session id.
    pub sid: SessionId,
    /// The generation of the pair.
    #[serde(rename = "gen")]
    pub generation: Generation,
    /// Issued at, in seconds.
    pub iat: i64,
    /// Expires at, in seconds.
    pub exp: i64,
    /// A name for this one token.
    pub jti: Uuid,
}

/// Why a token was refused. For logs and tests: a client hears only that it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no strict compact JWS.
    #[error("malformed: {0}")]
    Malformed(#[from] MalformedToken),
    /// The header names another `typ` than the one due here.
    #[error("wrong typ")]
    WrongTyp,
    /// The header has a member that would let the token choose its own key or rules.
    #[error("forbidden header member")]
    ForbiddenHeader,
    /// No key of this name is known.
    #[error("unknown kid")]
    UnknownKid,
    /// The header names another algorithm than the key's.
    #[error("wrong alg")]
    WrongAlg,
    /// The signature does not hold.
    #[error("bad signature")]
    BadSignature,
    /// A claim is missing or of the wrong type.
    #[error("bad claims")]
    BadClaims,
    /// Issued by somebody else.
    #[error("wrong iss")]
    WrongIssuer,
    /// Meant for somebody else.
    #[error("wrong aud")]
    WrongAudience,
    /// Issued in the future.
    #[error("iat lies in the future")]
    NotYetValid,
    /// Its time is over.
    #[error("expired")]
    Expired,
}
