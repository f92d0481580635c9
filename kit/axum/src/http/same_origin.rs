//! Only pages of this site may change anything (OWASP CSRF Prevention, Fetch Metadata).
//!
//! `SameSite=Lax` keeps other sites' posts from carrying the cookies, but a sibling domain is the
//! same *site*, and a sign-in can be forced on a person without any cookie. So every unsafe request
//! must say that it comes from this *origin*: by `Sec-Fetch-Site`, else by `Origin`. Where both are
//! missing there is no browser behind it, or a very old one: it is refused if it brings cookies.

use axum::{
    extract::Request,
    http::{HeaderMap, header},
};

use super::errors::Refusal;

/// Refuses unsafe requests from elsewhere.
pub fn check_origin(request: &Request, origin: &str) -> Result<(), Refusal> {
    if request.method().is_safe() || is_same_origin(request.headers(), origin) {
        Ok(())
    } else {
        Err(Refusal::CrossSite)
    }
}

fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    match headers.get(header::ORIGIN) {
        Some(from) => from == origin,
        None => !headers.contains_key(header::COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn accepted(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        is_same_origin(&headers, "https://app.example")
    }

    #[test]
    fn this_origin_is_accepted() {
        assert!(accepted(&[
            ("sec-fetch-site", "same-origin"),
            ("cookie", "a=1")
        ]));
        assert!(accepted(&[
            ("origin", "https://app.example"),
            ("cookie", "a=1")
        ]));
    }

    #[test]
    fn anything_else_is_refused_with_cookies_or_without() {
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!accepted(&[("sec-fetch-site", site)]), "{site}");
            assert!(!accepted(&[
                ("sec-fetch-site", site),
                ("origin", "https://app.example")
            ]));
        }
        for origin in [
            "null",
            "https://evil.example",
            "http://app.example",
            "https://app.example.evil.example",
            "https://app.example:8443",
        ] {
            assert!(!accepted(&[("origin", origin)]), "{origin}");
        }
    }

    #[test]
    fn without_either_header_cookies_are_not_believed() {
        assert!(!accepted(&[("cookie", "a=1")]));
        assert!(accepted(&[]));
    }
}
