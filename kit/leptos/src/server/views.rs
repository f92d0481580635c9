//! From the core's types to what goes over the wire.

use jiff::{Timestamp, tz::TimeZone};
use monban_auth::{AccessClaims, Account, Channel, KeyView, Session, SessionId};

use crate::{
    error::EndReason,
    view::{AccountView, InstantView, SessionView, SigningKeyView, WhoIsHere},
};

/// The account as its owner sees it.
pub fn account_view(account: &Account) -> AccountView {
    AccountView {
        id: account.id.to_string(),
        name: account.name.as_str().to_owned(),
        email: account.email.as_str().to_owned(),
        created_at: instant_view(account.created_at),
        roles: account.roles.iter().map(str::to_owned).collect(),
    }
}

/// A signing key as administrators see it.
pub(crate) fn signing_key_view(key: &KeyView) -> SigningKeyView {
    SigningKeyView {
        kid: key.kid.clone(),
        alg: key.alg.name().to_owned(),
        state: key.state.name().to_owned(),
        signs_at: instant_view(key.signs_at),
    }
}

pub(crate) fn who_is_here(claims: &AccessClaims) -> WhoIsHere {
    WhoIsHere {
        account_id: claims.sub.to_string(),
        roles: claims.roles.clone(),
        expires_at: claims.exp,
    }
}

/// A session as the account's owner sees it, from the session `current`.
pub fn session_view(session: &Session, current: SessionId) -> SessionView {
    let agent = woothee::parser::Parser::new().parse(&session.user_agent);
    let known = |name: &str| (!name.is_empty() && name != "UNKNOWN").then(|| name.to_owned());
    let browser = agent.as_ref().and_then(|agent| known(agent.name));
    let os = agent.as_ref().and_then(|agent| known(agent.os));
    // A native client says what it calls its device; only a page that uses the REST API may look
    // like a browser in full.
    let named = session.persistence.channel() == Some(Channel::Bearer)
        && (browser.is_none() || os.is_none())
        && !session.user_agent.is_empty();
    SessionView {
        id: session.id.to_string(),
        device: named.then(|| session.user_agent.clone()),
        browser,
        os,
        ip: session.ip.clone(),
        signed_in_at: instant_view(session.created_at),
        seen_at: instant_view(session.seen_at),
        current: session.id == current,
    }
}

/// The reason as it goes over the wire.
pub const fn end_reason(reason: monban_auth::EndReason) -> EndReason {
    use monban_auth::EndReason as Core;
    match reason {
        Core::SignedOut => EndReason::SignedOut,
        Core::Revoked => EndReason::Revoked,
        Core::Replaced => EndReason::Replaced,
        Core::Reused => EndReason::Reused,
        Core::Idle => EndReason::Idle,
        Core::Expired => EndReason::Expired,
        Core::AccountDisabled => EndReason::AccountDisabled,
        Core::SessionLimit => EndReason::SessionLimit,
        Core::Unknown => EndReason::Unknown,
    }
}

/// An instant for machines, to the second (RFC 3339).
pub fn instant_iso(instant: monban_auth::Timestamp) -> String {
    let seconds = instant.as_millis().div_euclid(1000);
    Timestamp::from_second(seconds)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}

/// An instant in words.
pub fn instant_view(instant: monban_auth::Timestamp) -> InstantView {
    let iso = instant_iso(instant);
    let instant = Timestamp::from_millisecond(instant.as_millis()).unwrap_or(Timestamp::UNIX_EPOCH);
    let utc = instant.to_zoned(TimeZone::UTC);
    InstantView {
        iso,
        day_en: utc.strftime("%-d %B %Y").to_string(),
        day_ja: utc.strftime("%Y年%-m月%-d日").to_string(),
        time: utc.strftime("%H:%M UTC").to_string(),
    }
}
