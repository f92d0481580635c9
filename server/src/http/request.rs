//! What a request says about whoever sends it, besides who they are.
//!
//! Anybody may write any byte into a header: what is not ASCII is read as UTF-8 where it is, and
//! where it is not, what stands beside it counts all the same.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use monban_app::preferences::{Language, Theme};

use super::cookies::Cookies;

/// A header's value as text; `None` if there is none, or if it is no text.
pub fn text(headers: &HeaderMap, name: impl Into<HeaderName>) -> Option<&str> {
    headers.get(name.into()).and_then(text_of)
}

/// A value as text. [`HeaderValue`] itself takes every byte beyond ASCII for nonsense.
pub fn text_of(value: &HeaderValue) -> Option<&str> {
    str::from_utf8(value.as_bytes()).ok()
}

/// Whether the browser will show the answer as a document: a link, a typed address, or a form
/// posted without script (Fetch Metadata §2.2). Older browsers say it by what they accept.
pub fn is_navigation(headers: &HeaderMap) -> bool {
    if let Some(mode) = headers.get("sec-fetch-mode") {
        mode == "navigate"
    } else {
        text(headers, header::ACCEPT).is_some_and(|accept| accept.contains("text/html"))
    }
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
mod tests {
    use super::*;
    use crate::http::cookies::CookieNames;

    fn of(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn a_navigation_is_what_a_browser_shows() {
        assert!(is_navigation(&of(&[("sec-fetch-mode", "navigate")])));
        assert!(is_navigation(&of(&[("accept", "text/html,*/*")])));
        assert!(!is_navigation(&of(&[
            ("sec-fetch-mode", "cors"),
            ("accept", "text/html")
        ])));
        assert!(!is_navigation(&of(&[("accept", "application/json")])));
    }

    fn chosen(headers: &HeaderMap) -> Language {
        language(headers, &Cookies::of(headers, &CookieNames::default()))
    }

    #[test]
    fn the_choice_goes_before_what_the_browser_asks_for() {
        assert_eq!(chosen(&of(&[("accept-language", "ja")])), Language::Ja);
        assert_eq!(
            chosen(&of(&[(
                "accept-language",
                "fr;q=0.9, en;q=0.5, ja-JP;q=0.8"
            )])),
            Language::Ja
        );
        assert_eq!(
            chosen(&of(&[("accept-language", "ja;q=0, fr")])),
            Language::En
        );
        let both = of(&[("accept-language", "ja"), ("cookie", "monban_language=en")]);
        assert_eq!(chosen(&both), Language::En);
    }
    #[test]
    fn bytes_that_are_no_text_hide_nothing_that_is() {
        let bytes = |name, value: &[u8]| {
            HeaderMap::from_iter([(name, HeaderValue::from_bytes(value).unwrap())])
        };
        let asked = bytes(
            header::ACCEPT_LANGUAGE,
            b"\xff, ja;q=0.8, \xe9\x96\x80;q=0.9",
        );
        assert_eq!(chosen(&asked), Language::Ja);
        let agent = bytes(header::USER_AGENT, b"Caf\xe9/1 \xe9\x96\x80");
        assert_eq!(user_agent(&agent), "Caf\u{fffd}/1 \u{9580}");
        let accept = bytes(header::ACCEPT, "text/html, x/é".as_bytes());
        assert!(is_navigation(&accept));
    }
}
