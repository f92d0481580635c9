//! What a request says of its client, besides who the person is.
//!
//! Anybody may write any byte into a header: what is not ASCII is read as UTF-8 where it is, and
//! where it is not, what stands beside it counts all the same.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use monban_leptos::preferences::{Language, Theme};

use super::cookies::Cookies;

/// A header's value as text; `None` if there is none, or if it is no text.
pub fn text(headers: &HeaderMap, name: impl Into<HeaderName>) -> Option<&str> {
    headers.get(name.into()).and_then(text_of)
}

/// A value as text. [`HeaderValue`] itself takes every byte beyond ASCII for nonsense.
pub fn text_of(value: &HeaderValue) -> Option<&str> {
    str::from_utf8(value.as_bytes()).ok()
}

/// How a request wants to be answered. Decided here and nowhere else.
///
/// What is not under a program's address is a page, whatever the headers say: a service worker that
/// answers navigations by a fetch of its own sends `Sec-Fetch-Mode: same-origin` or `cors`, a monitor
/// and a link preview send nothing at all, and none of them may be shown a member's page as a
/// stranger's. Under `/api`, a page is what a browser will show: a form posted without script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page, to be shown.
    Page,
    /// A page that may never be shown: fetched ahead of a click, or asked for its headers alone. It is
    /// rendered like any other, and takes away nothing that waits for the next page.
    Ahead,
    /// A call of the living page, or of a program, which wants a code.
    Call,
}

impl Kind {
    /// What kind of request this is.
    pub fn of(method: &Method, path: &str, headers: &HeaderMap) -> Self {
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let page = is_navigation(headers) || (reads && !is_for_programs(path));
        if !page {
            Self::Call
        } else if *method == Method::HEAD || (reads && is_ahead(headers)) {
            Self::Ahead
        } else {
            Self::Page
        }
    }

    /// What the client accepts, as later layers read it.
    pub const fn accept(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Page | Self::Ahead => "text/html",
            Self::Call => "application/json",
        })
    }

    /// Whether a document is the answer.
    pub fn is_page(self) -> bool {
        self != Self::Call
    }
}

/// Whether the browser will show the answer as a document: a link, a typed address, or a form
/// posted without script (Fetch Metadata §2.2), also through a service worker, for which the mode
/// becomes `same-origin` (Fetch §5.4, `Request` constructor). Older browsers say it by what they
/// accept.
fn is_navigation(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-mode").map(HeaderValue::as_bytes) {
        Some(b"navigate") => true,
        Some(b"same-origin") | None => accepts_html(headers),
        Some(_) => false,
    }
}

/// Whether the client asks for HTML by name.
fn accepts_html(headers: &HeaderMap) -> bool {
    let html = |item: &[u8]| item.trim_ascii_start().starts_with(b"text/html");
    headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|line| line.as_bytes().split(|byte| *byte == b',').any(html))
}

/// Whether programs live at that address: they want a code and no page.
fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/")
        || path.starts_with("/.well-known/")
        || ["/healthz", "/readyz", "/metrics"].contains(&path)
}

/// Whether a browser fetches this before anybody has asked for it: speculation rules and
/// `<link rel=prefetch>` say it by `Sec-Purpose`, Safari and older browsers by the others.
fn is_ahead(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"]
        .iter()
        .filter_map(|name| text(headers, HeaderName::from_static(name)))
        .any(|purpose| {
            let purpose = purpose.to_ascii_lowercase();
            purpose.starts_with("prefetch") || purpose.starts_with("preview")
        })
}

/// The language chosen, else the one the browser asks for first (RFC 9110 §12.5.4).
pub fn language(headers: &HeaderMap, cookies: &Cookies<'_>) -> Language {
    let chosen = cookies.language.and_then(Language::from_tag);
    let accepted = || {
        let mut ranges: Vec<(f32, &str)> = headers
            .get_all(header::ACCEPT_LANGUAGE)
            .iter()
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
            .filter_map(|item| range(str::from_utf8(item).ok()?))
            .collect();
        ranges.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranges
            .into_iter()
            .find_map(|(_, tag)| Language::from_tag(&tag.split('-').next()?.to_ascii_lowercase()))
    };
    chosen.or_else(accepted).unwrap_or_default()
}

/// The theme chosen.
pub fn theme(cookies: &Cookies<'_>) -> Theme {
    cookies.theme.and_then(Theme::from_name).unwrap_or_default()
}

fn range(item: &str) -> Option<(f32, &str)> {
    let (tag, quality) = item.trim().split_once(';').unwrap_or((item.trim(), "q=1"));
    let quality: f32 = quality.trim().strip_prefix("q=")?.parse().ok()?;
    (quality > 0.0).then_some((quality, tag.trim()))
}

/// What the client says that it is.
pub fn user_agent(headers: &HeaderMap) -> Cow<'_, str> {
    let agent = headers.get(header::USER_AGENT).map(HeaderValue::as_bytes);
    String::from_utf8_lossy(agent.unwrap_or_default())
}

#[cfg(test)]
mod tests;
