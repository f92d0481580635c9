//! An instant in words.

use leptos::prelude::*;

use crate::{page::PageContext, preferences::Language, view::InstantView};

/// An instant as the server knows it, in UTC and saying so. Once the page is alive, as the clock of
/// whoever reads it shows it: only the browser knows where that is.
#[component]
pub fn Instant(
    /// The instant to show.
    at: InstantView,
    /// Whether the day says enough.
    #[prop(optional)]
    day_only: bool,
) -> impl IntoView {
    let InstantView {
        iso,
        day_en,
        day_ja,
        time,
    } = at;
    let language = PageContext::get().language;
    let day = match language {
        Language::En => day_en,
        Language::Ja => day_ja,
    };
    let text = RwSignal::new(match (day_only, language) {
        (false, _) => format!("{day} {time}"),
        (true, Language::En) => format!("{day} (UTC)"),
        (true, Language::Ja) => format!("{day}（UTC）"),
    });
    #[cfg(feature = "hydrate")]
    {
        let iso = iso.clone();
        // Not before: hydration expects what the server wrote.
        Effect::new(move || text.set(local(&iso, language, day_only)));
    }
    view! { <time datetime=iso>{text}</time> }
}

/// The instant in words, by the clock of this browser.
#[cfg(feature = "hydrate")]
fn local(iso: &str, language: Language, day_only: bool) -> String {
    /// What `Intl.DateTimeFormat` should write (ECMA-402 §11.1.2).
    const DAY: &str = r#"{"day":"numeric","month":"long","year":"numeric"}"#;
    const TIME: &str =
        r#"{"hour":"2-digit","minute":"2-digit","hourCycle":"h23","timeZoneName":"short"}"#;
    // The order of the server's words, and its calendar, whatever the browser is set to.
    let locale = match language {
        Language::En => "en-GB",
        Language::Ja => "ja-JP-u-ca-gregory",
    };
    let instant = js_sys::Date::new(&iso.into());
    let write = |options| {
        let options = js_sys::JSON::parse(options).unwrap_or_default();
        String::from(instant.to_locale_string(locale, &options))
    };
    if day_only {
        write(DAY)
    } else {
        [&write(DAY), " ", &write(TIME)].concat()
    }
}
