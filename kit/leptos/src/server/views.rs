//! From the core's types to what goes over the wire.

use jiff::{Timestamp, tz::TimeZone};

use crate::{error::EndReason, view::InstantView};

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
