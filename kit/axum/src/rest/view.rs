//! What the API answers with.

use monban_auth::{
    AccessClaims, Account, AccountId, KeyView, Session, SessionId, Timestamp, TokenPair,
};
use monban_leptos::{account::account_view, server::instant_iso, sessions::session_view};
use serde::Serialize;
use utoipa::ToSchema;

/// The account of the bearer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    /// An opaque id.
    #[schema(format = "uuid")]
    id: String,
    /// The email address that it signs in with.
    #[schema(example = "ann@example.com")]
    email: String,
    /// The person's name.
    #[schema(example = "Ann")]
    name: String,
    /// When it was created.
    #[schema(format = "date-time")]
    created_at: String,
}

/// One sign-in of the account, in a browser or an app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// The id to end it with.
    #[schema(format = "uuid")]
    id: String,
    /// The device or browser it runs on, as far as that is known.
    #[schema(example = "Ann's phone")]
    device: Option<String>,
    /// The IP address it was last refreshed from.
    #[schema(example = "203.0.113.7")]
    ip: String,
    /// When the person signed in.
    #[schema(format = "date-time")]
    signed_in_at: String,
    /// When it was last seen, to the minute.
    #[schema(format = "date-time")]
    seen_at: String,
    /// Whether it is the caller's own.
    current: bool,
}

/// A key that access tokens are signed with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SigningKey)]
pub struct SigningKeyView {
    /// Its name, as in `/.well-known/jwks.json`.
    #[schema(format = "uuid")]
    kid: String,
    /// Its algorithm.
    #[schema(example = "EdDSA")]
    alg: &'static str,
    /// Its state: `published`, `signing`, `verifying`, `retired` or `gone`.
    #[schema(example = "signing")]
    state: &'static str,
    /// When it starts or started signing.
    #[schema(format = "date-time")]
    signs_at: String,
}

/// A session's tokens. Keep both where only the app can read them.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub struct TokensView {
    /// To send as `Authorization: Bearer` with every call.
    access_token: String,
    /// `Bearer` (RFC 6750).
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// How long the access token lives from now, in seconds.
    #[schema(example = 300)]
    expires_in: u64,
    /// To refresh the session with.
    refresh_token: String,
    /// How long the refresh token lives from now, in seconds.
    #[schema(example = 2_592_000)]
    refresh_expires_in: u64,
    /// The session itself.
    #[schema(inline = false)]
    session: SessionView,
}

/// The caller, from the access token alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WhoAmI)]
pub struct WhoAmIView {
    /// The account's id.
    #[schema(value_type = String, format = "uuid")]
    sub: AccountId,
    /// The session's id.
    #[schema(value_type = String, format = "uuid")]
    sid: SessionId,
    /// The account's roles.
    roles: Vec<String>,
    /// When the access token expires.
    #[schema(format = "date-time")]
    expires_at: String,
}

impl From<&Account> for AccountView {
    fn from(account: &Account) -> Self {
        let view = account_view(account);
        Self {
            id: view.id,
            email: view.email,
            name: view.name,
            created_at: view.created_at.iso,
        }
    }
}

impl From<&KeyView> for SigningKeyView {
    fn from(key: &KeyView) -> Self {
        Self {
            kid: key.kid.clone(),
            alg: key.alg.name(),
            state: key.state.name(),
            signs_at: instant_iso(key.signs_at),
        }
    }
}

impl SessionView {
    /// A session as seen from the session `current`.
    pub fn of(session: &Session, current: SessionId) -> Self {
        let view = session_view(session, current);
        let device = match (view.device, view.browser, view.os) {
            (Some(device), _, _) => Some(device),
            (None, Some(browser), Some(os)) => Some(format!("{browser} on {os}")),
            (None, browser, os) => browser.or(os),
        };
        Self {
            id: view.id,
            device,
            ip: view.ip,
            signed_in_at: view.signed_in_at.iso,
            seen_at: view.seen_at.iso,
            current: view.current,
        }
    }
}

impl From<&TokenPair> for TokensView {
    fn from(pair: &TokenPair) -> Self {
        Self {
            access_token: pair.access.expose().to_owned(),
            token_type: "Bearer",
            expires_in: pair.access_expires_in.as_secs(),
            refresh_token: pair.refresh.expose().to_owned(),
            refresh_expires_in: pair.refresh_expires_in.as_secs(),
            session: SessionView::of(&pair.session, pair.session.id),
        }
    }
}

impl From<&AccessClaims> for WhoAmIView {
    fn from(claims: &AccessClaims) -> Self {
        let expires_at = Timestamp::from_millis(claims.exp.saturating_mul(1000));
        Self {
            sub: claims.sub,
            sid: claims.sid,
            roles: claims.roles.clone(),
            expires_at: instant_iso(expires_at),
        }
    }
}
