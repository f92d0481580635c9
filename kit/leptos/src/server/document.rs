//! The head of every document, and the page for when there is no interface to show.

use std::sync::LazyLock;

use http::HeaderValue;
use leptos::{either::Either, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;

use super::{assets::Assets, context::request};
use crate::{
    i18n::{Texts, t_in},
    preferences::{Language, Theme},
    session::CLEAR_COOKIES,
};

/// The language and the theme of the page that is being rendered.
pub fn page_language() -> (Language, Theme) {
    request().map_or_else(
        |_| Default::default(),
        |request| (request.language, request.theme),
    )
}

/// What belongs into the `<head>` of an app's document: the style, and the script that brings the page
/// to life, or keeps it a good page where it cannot. Sets the Content-Security-Policy that goes with it.
#[component]
pub fn PageHead() -> impl IntoView {
    let assets = request().map(|request| request.assets.clone());
    let assets = assets.unwrap_or_default();
    let nonce = use_nonce();
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::try_from(content_security_policy(nonce))
    {
        response.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
    }
    view! {
        <Head css=assets.css.clone()/>
        <link rel="modulepreload" href=assets.js.clone() nonce=nonce.clone()/>
        {assets.split.clone().map(|split| view! { <link rel="modulepreload" href=split nonce=nonce.clone()/> })}
        <link rel="preload" href=assets.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce>{start_script(&assets)}</script>
    }
}

/// What went wrong before any page could be rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageError {
    /// The fault is ours.
    Failed,
    /// The request came from elsewhere.
    Refused,
    /// The request cannot be read.
    Unreadable,
    /// There is no such thing.
    Absent,
    /// The request was too large.
    TooLarge,
    /// Another site of this domain has set cookies in the name of this one.
    CookieConflict,
}

/// A page that helps, for when there is no interface to show. Needs no script.
pub fn error_document(
    error: PageError,
    texts: Texts,
    theme: Theme,
    css: &str,
    request_id: &str,
) -> String {
    let (title, text) = match error {
        PageError::Failed => (
            t_in!(texts, page_error.failed_title),
            t_in!(texts, page_error.failed),
        ),
        PageError::Refused => (
            t_in!(texts, page_error.refused_title),
            t_in!(texts, page_error.refused),
        ),
        PageError::Unreadable => (
            t_in!(texts, page_error.refused_title),
            t_in!(texts, page_error.unreadable),
        ),
        PageError::Absent => (
            t_in!(texts, page_error.not_found_title),
            t_in!(texts, page_error.not_found),
        ),
        PageError::TooLarge => (
            t_in!(texts, page_error.too_large_title),
            t_in!(texts, page_error.too_large),
        ),
        PageError::CookieConflict => (
            t_in!(texts, page_error.cookie_conflict_title),
            t_in!(texts, page_error.cookie_conflict),
        ),
    };
    let way_out = match error {
        PageError::CookieConflict => Either::Left(view! {
            <form method="post" action=CLEAR_COOKIES>
                <button class="button primary" type="submit">{t_in!(texts, page_error.clear_cookies)}</button>
            </form>
        }),
        _ => Either::Right(view! {
            <p><a class="button" href="/">{t_in!(texts, page_error.home)}</a></p>
        }),
    };
    view! {
        <!DOCTYPE html>
        <html lang=texts.language.tag() data-theme=theme.name()>
            <head>
                <Head css=css.to_owned()/>
                <title>{title}</title>
            </head>
            <body>
                <main class="page narrow" id="main">
                    <h1>{title}</h1>
                    <p class="lead">{text}</p>
                    {way_out}
                    <p class="hint">{t_in!(texts, page_error.request_id)} " " <code>{request_id.to_owned()}</code></p>
                </main>
            </body>
        </html>
    }
    .to_html()
}

/// What every document of the site begins with, with a script or without.
#[component]
pub fn Head(
    /// The address of the stylesheet.
    css: String,
) -> impl IntoView {
    view! {
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
        <link rel="stylesheet" id="monban-style" href=css/>
    }
}

fn start_script(assets: &Assets) -> String {
    /// Without its indentation and its comments.
    static START: LazyLock<String> = LazyLock::new(|| {
        let lines = include_str!("start.js").lines().map(str::trim_start);
        let code = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
        code.collect::<Vec<_>>().join("\n")
    });
    let Assets { js, wasm, .. } = assets;
    let start = &*START;
    format!("const files={{js:'{js}',wasm:'{wasm}',mend:'/mend.js'}};\n{start}")
}

/// The policy of a response whose scripts carry this nonce (CSP Level 3). Scripts that they load are
/// trusted in turn; nothing else runs, and nothing may frame this site or take its forms.
pub fn content_security_policy(nonce: &str) -> String {
    /// `cargo leptos watch` reloads pages over a socket of its own.
    static RELOAD: LazyLock<&str> = LazyLock::new(|| {
        let watched = std::env::var_os("LEPTOS_WATCH").is_some();
        if watched { " ws:" } else { "" }
    });
    [
        "default-src 'self'; script-src 'nonce-",
        nonce,
        "' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'",
        *RELOAD,
        "; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ]
    .concat()
}
