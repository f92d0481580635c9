//! The document around the interface.

use http::request::Parts;
use leptos::{config::LeptosOptions, prelude::*};
use leptos_i18n::td_string;
use leptos_meta::MetaTags;
use monban_leptos::{
    preferences::Language,
    server::{PageHead, page_language},
};

use crate::{App, i18n::locale_of};

/// The document around [`App`].
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let (language, theme) = page_language();
    let description = description(language);
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() data-theme=theme.name()>
            <head>
                <PageHead/>
                {description.map(|text| view! { <meta name="description" content=text/> })}
                <AutoReload options=options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// What search engines show of the page that is asked for, if it is for everybody.
fn description(language: Language) -> Option<&'static str> {
    let parts = use_context::<Parts>()?;
    let words = locale_of(language);
    Some(match parts.uri.path() {
        "/" => td_string!(words, home.lead),
        "/sign-in" => td_string!(words, description.sign_in),
        "/sign-up" => td_string!(words, description.sign_up),
        path if path == monban_learn::ROOT || path.starts_with("/learn/") => {
            td_string!(words, description.learn)
        }
        _ => return None,
    })
}
