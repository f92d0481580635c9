//! The meaning of the claims of the edited token.

use leptos::prelude::*;
use serde_json::Value;

use super::{editor::EditedToken, jws};
use crate::i18n::t;

/// The claims that are explained: registered ones (RFC 7519 §4.1, RFC 9068 §2.2, the IANA registry)
/// and two that only this server has.
const KNOWN: [&str; 13] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "sid",
    "gen",
    "roles",
    "auth_time",
    "amr",
    "ver",
];

#[component]
pub(super) fn Claims(edited: EditedToken) -> impl IntoView {
    let now = RwSignal::new(None);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        use std::time::Duration;
        let tick = move || now.set(Some(seconds_now()));
        tick();
        if let Ok(clock) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || clock.clear());
        }
    });
    let rows = move || {
        let members = jws::members(&edited.payload.get());
        KNOWN
            .into_iter()
            .filter_map(|name| Some((name, members.get(name)?.clone())))
            .map(|(name, value)| view! { <Claim name value now/> })
            .collect_view()
    };
    view! {
        <section class="panel" aria-label=t!(token.claims)>
            <dl class="claims">{rows}</dl>
        </section>
    }
}

#[component]
fn Claim(name: &'static str, value: Value, now: RwSignal<Option<i64>>) -> impl IntoView {
    let instant = match name {
        "exp" | "nbf" | "iat" | "auth_time" => value.as_i64(),
        _ => None,
    };
    let meaning = match name {
        "iss" => t!(token.iss),
        "sub" => t!(token.sub),
        "aud" => t!(token.aud),
        "exp" => t!(token.exp),
        "nbf" => t!(token.nbf),
        "iat" => t!(token.iat),
        "jti" => t!(token.jti),
        "sid" => t!(token.sid),
        "gen" => t!(token.generation),
        "roles" => t!(token.roles),
        "auth_time" => t!(token.auth_time),
        "ver" => t!(token.version),
        _ => t!(token.amr),
    };
    view! {
        <dt><code>{name}</code></dt>
        <dd>
            {meaning}
            {instant.map(|at| view! {
                <span class="hint">{utc(at)} {move || now.get().map(|now| time_from_now(at - now))}</span>
            })}
        </dd>
    }
}

/// The last second that is a date to a browser (ECMA-262 §21.4.1.1).
#[cfg(not(feature = "ssr"))]
const MAX_SECONDS: u64 = 8_640_000_000_000;

/// The instant of so many seconds since 1970 (`NumericDate`, RFC 7519 §2).
fn utc(seconds: i64) -> String {
    #[cfg(feature = "ssr")]
    let iso = jiff::Timestamp::from_second(seconds).map(|at| at.to_string());
    #[cfg(feature = "ssr")]
    let iso = iso.unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    let iso = {
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact within the range of dates"
        )]
        let date = || js_sys::Date::new(&(seconds as f64 * 1000.0).into());
        let dates = Some(seconds).filter(|at| at.unsigned_abs() <= MAX_SECONDS);
        dates
            .map(|_| String::from(date().to_iso_string()))
            .unwrap_or_default()
    };
    match iso.get(..19) {
        Some(whole) => format!("{} UTC", whole.replace('T', " ")),
        None => iso,
    }
}

/// The time from now until an instant, or since then, in words.
fn time_from_now(seconds: i64) -> String {
    let amount = seconds.unsigned_abs();
    let ago = seconds < 0;
    let text = match (amount, ago) {
        (0..60, true) => t!(token.seconds_ago, n = amount).to_string(),
        (0..60, false) => t!(token.in_seconds, n = amount).to_string(),
        (60..3600, true) => t!(token.minutes_ago, n = amount / 60).to_string(),
        (60..3600, false) => t!(token.in_minutes, n = amount / 60).to_string(),
        (3600..86_400, true) => t!(token.hours_ago, n = amount / 3600).to_string(),
        (3600..86_400, false) => t!(token.in_hours, n = amount / 3600).to_string(),
        (_, true) => t!(token.days_ago, n = amount / 86_400).to_string(),
        (_, false) => t!(token.in_days, n = amount / 86_400).to_string(),
    };
    format!(" ({text})")
}

#[cfg(feature = "hydrate")]
fn seconds_now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "seconds of this age fit")]
    let seconds = (js_sys::Date::now() / 1000.0) as i64;
    seconds
}
