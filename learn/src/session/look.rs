//! The cookies, the claims of their tokens, and the session's row.

use leptos::{either::Either, prelude::*};

use super::{CookieView, SessionLook};
use crate::{i18n::t, readable_cookies};
use monban_leptos::components::Instant;

#[component]
pub(super) fn Look(look: SessionLook) -> impl IntoView {
    let SessionLook {
        cookies,
        access,
        refresh,
        row,
        ..
    } = look;
    let says = [Some(access), refresh];
    view! {
        <div class="halves">
            {cookies.into_iter().zip(says).map(|(cookie, says)| view! { <Cookie cookie says/> }).collect_view()}
        </div>
        <div class="halves">
            <section class="panel">
                <h3>{t!(session.row)}</h3>
                <dl class="facts">
                    <dt>"generation"</dt><dd data-testid="generation">{row.generation}</dd>
                    <dt>{t!(session.rotated_at)}</dt><dd><Instant at=row.rotated_at/></dd>
                    <dt>{t!(session.seen)}</dt>
                    <dd>{if row.seen { t!(session.seen_yes) } else { t!(session.seen_no) }}</dd>
                    <dt>{t!(session.signed_in_at)}</dt><dd><Instant at=row.signed_in_at/></dd>
                    <dt>{t!(session.idle)}</dt><dd><Instant at=row.idle_expires_at/></dd>
                    <dt>{t!(session.absolute)}</dt><dd><Instant at=row.absolute_expires_at/></dd>
                </dl>
            </section>
            <ReadableCookies/>
        </div>
    }
}

#[component]
fn Cookie(cookie: CookieView, says: Option<String>) -> impl IntoView {
    let CookieView {
        name,
        attributes,
        bytes,
        set_at,
        kept_until,
    } = cookie;
    let life = match kept_until {
        Some(until) => Either::Left(view! { {t!(session.kept)} " " <Instant at=until/> }),
        None => Either::Right(t!(session.browser)),
    };
    view! {
        <section class="panel cookie">
            <h3><code>{name}</code></h3>
            <dl class="facts">
                <dt>{t!(session.value)}</dt><dd>{t!(session.withheld)}</dd>
                <dt>{t!(session.attributes)}</dt><dd><code>{attributes}</code></dd>
                <dt>{t!(session.set_at)}</dt><dd><Instant at=set_at/></dd>
                <dt>{t!(session.life)}</dt><dd>{life}</dd>
                <dt>{t!(session.size)}</dt><dd>{t!(session.bytes, n = bytes).to_string()}</dd>
            </dl>
            {says.map(|says| view! {
                <p class="hint">{t!(session.says)}</p>
                <pre tabindex="0">{says}</pre>
            })}
        </section>
    }
}

/// The cookies that a script on this page can read, read by a script on this page.
#[component]
fn ReadableCookies() -> impl IntoView {
    let readable = readable_cookies();
    let shown = move || match readable.get() {
        None => t!(script).to_owned(),
        Some(cookies) => format!("{cookies:?}"),
    };
    view! {
        <section class="panel">
            <h3>{t!(session.script)}</h3>
            <p><code>"document.cookie"</code></p>
            <pre tabindex="0" data-testid="document-cookie">{shown}</pre>
            <p class="hint">{t!(session.script_hint)}</p>
        </section>
    }
}
