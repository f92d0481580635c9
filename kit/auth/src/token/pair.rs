//! What the two tokens of a session say.

use std::time::Duration;

use uuid::Uuid;

use super::{AccessClaims, RefreshClaims, TokenKind};
use crate::{
    accounts::AccountId,
    claims::AppClaims,
    clock::Timestamp,
    roles::Roles,
    sessions::{Channel, Client, Lifetimes, Persistence, Session, SessionId},
};

/// What the pair of the session's current generation says.
pub(super) fn pair_of(
    issuer: &str,
    session: &Session,
    channel: Channel,
    lifetimes: &Lifetimes,
    now: Timestamp,
) -> (AccessClaims, RefreshClaims) {
    let refresh_expires_at = session.refresh_expires_at();
    let access = AccessClaims {
        iss: issuer.to_owned(),
        aud: audience(issuer, TokenKind::Access, channel),
        sub: session.account_id,
        sid: session.id,
        generation: session.generation,
        iat: now.as_seconds(),
        exp: lifetimes
            .access_expiry(session.persistence, now)
            .min(refresh_expires_at)
            .as_seconds(),
        jti: Uuid::new_v4(),
        roles: session.roles.iter().map(str::to_owned).collect(),
        auth_time: session.authentication.at.as_seconds(),
        amr: session
            .authentication
            .methods
            .iter()
            .map(str::to_owned)
            .collect(),
        version: Some(session.account_version),
        app: AppClaims::new(),
    };
    let refresh = RefreshClaims {
        iss: issuer.to_owned(),
        aud: audience(issuer, TokenKind::Refresh, channel),
        sub: session.account_id,
        sid: session.id,
        generation: session.generation,
        iat: access.iat,
        exp: refresh_expires_at.as_seconds(),
        jti: Uuid::new_v4(),
    };
    (access, refresh)
}

/// What the tokens of nobody would have said in the first five minutes of 1970.
pub(super) fn pair_of_nobody(issuer: &str) -> (AccessClaims, RefreshClaims) {
    const START: Timestamp = Timestamp::from_millis(0);
    const LIFE: Duration = Duration::from_mins(5);
    let lifetimes = Lifetimes {
        access: LIFE,
        idle_kept: LIFE.saturating_mul(2),
        idle_browser: LIFE.saturating_mul(2),
        absolute: LIFE,
    };
    let nobody = Session {
        id: SessionId::NONE,
        ..Session::begin(
            AccountId::NONE,
            Roles::default(),
            Persistence::Kept,
            &Client::new(String::new(), ""),
            &lifetimes,
            START,
        )
    };
    pair_of(issuer, &nobody, Channel::Cookies, &lifetimes, START)
}

/// The issuer's audience for one kind of token in one channel.
fn audience(issuer: &str, kind: TokenKind, channel: Channel) -> String {
    format!("{issuer}{}", audience_path(kind, channel))
}

/// What follows the issuer in the audience of a token. One token, one place: what is due in one is
/// refused in the three others (RFC 8725 §3.12).
pub(super) const fn audience_path(kind: TokenKind, channel: Channel) -> &'static str {
    match (channel, kind) {
        (Channel::Cookies, TokenKind::Access) => "",
        (Channel::Cookies, TokenKind::Refresh) => "/refresh",
        (Channel::Bearer, TokenKind::Access) => "/api/v1",
        (Channel::Bearer, TokenKind::Refresh) => "/api/v1/sessions/refresh",
    }
}
