//! Paths on this site, and nowhere else.

use std::{borrow::Cow, fmt};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::interface::account_path;

/// What is encoded in the value of a query: all but what is unreserved (RFC 3986 §2.3), and the slash.
const IN_A_VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A path with an optional query that a browser resolves to this site whatever it is given in: the
/// only thing that a redirect may go to (OWASP Unvalidated Redirects; WHATWG URL §4.4, where `\`
/// counts as `/` and tabs and newlines vanish).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct LocalPath(String);

impl LocalPath {
    /// Where a sign-in leads unless somebody was on their way elsewhere.
    const AFTER_SIGN_IN: &str = "/account";
    const SIGN_IN: &str = "/sign-in";
    const SIGN_UP: &str = "/sign-up";
    const MAX_BYTES: usize = 2048;

    /// The path, if it is one.
    pub fn parse(path: &str) -> Option<Self> {
        let local = path.len() <= Self::MAX_BYTES
            && path.starts_with('/')
            && !path.starts_with("//")
            // Nobody goes there: calls are answered there, and `GET` by an error.
            && !path.starts_with("/api/")
            && path
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        local.then(|| Self(path.to_owned()))
    }

    /// The `next` of a query such as `next=/account%3Fa%3D1`, if it is there. Read once and letter by
    /// letter: the router's own reading decodes twice.
    pub fn next_of(query: &str) -> Option<Self> {
        let next = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("next="))?;
        // As forms write it (WHATWG URL §5.1).
        let next = next.replace('+', " ");
        let next = percent_decode_str(&next).decode_utf8();
        Some(next.map_or_else(|_| Self::default(), |next| Self::from(&*next)))
    }

    /// The path itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where to sign in on the way to this path.
    #[must_use]
    pub fn via_sign_in(&self) -> Self {
        self.via(Self::SIGN_IN)
    }

    /// The sign-in page, on the way to this path if that is a way to go out of.
    #[must_use]
    pub fn to_sign_in(&self) -> Self {
        self.to(Self::SIGN_IN)
    }

    /// The sign-up page, on the way to this path if that is a way to go out of.
    #[must_use]
    pub fn to_sign_up(&self) -> Self {
        self.to(Self::SIGN_UP)
    }

    /// This path with that fragment, such as `#top`, unless it has one.
    #[must_use]
    pub fn with_fragment(&self, fragment: &str) -> Self {
        if self.0.contains('#') {
            return self.clone();
        }
        Self::parse(&[&self.0, fragment].concat()).unwrap_or_else(|| self.clone())
    }

    fn via(&self, page: &str) -> Self {
        let next = Cow::from(utf8_percent_encode(&self.0, IN_A_VALUE));
        Self([&account_path(page), "?next=", &*next].concat())
    }

    fn to(&self, page: &str) -> Self {
        if *self == Self::default() {
            Self(account_path(page))
        } else {
            self.via(page)
        }
    }
}

impl Default for LocalPath {
    fn default() -> Self {
        Self(account_path(Self::AFTER_SIGN_IN))
    }
}

/// Anything that is no local path becomes the default one.
impl From<String> for LocalPath {
    fn from(path: String) -> Self {
        Self::parse(&path).unwrap_or_default()
    }
}

/// Anything that is no local path becomes the default one.
impl From<&str> for LocalPath {
    fn from(path: &str) -> Self {
        Self::parse(path).unwrap_or_default()
    }
}

impl From<LocalPath> for String {
    fn from(path: LocalPath) -> Self {
        path.0
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_this_site_is_kept() {
        for path in ["/", "/account", "/account/sessions?x=1&y=%2F#z"] {
            assert_eq!(LocalPath::from(path.to_owned()).as_str(), path);
        }
    }

    #[test]
    fn what_could_lead_elsewhere_becomes_the_default() {
        for path in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/a\nb",
            "javascript:alert(1)",
            "/caf\u{e9}",
            " /account",
        ] {
            assert_eq!(
                LocalPath::from(path.to_owned()).as_str(),
                "/account",
                "{path:?}"
            );
        }
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(2048))), None);
    }

    #[test]
    fn the_way_via_sign_in_carries_the_path_as_one_value() {
        let path = LocalPath::from("/account?a=1&b=2".to_owned());
        assert_eq!(
            path.via_sign_in().as_str(),
            "/sign-in?next=/account%3Fa%3D1%26b%3D2"
        );
    }

    #[test]
    fn the_way_via_sign_up_carries_it_too_unless_it_leads_where_it_would_anyway() {
        let path = LocalPath::from("/account?a=1#b");
        assert_eq!(
            path.to_sign_up().as_str(),
            "/sign-up?next=/account%3Fa%3D1%23b"
        );
        assert_eq!(LocalPath::default().to_sign_up().as_str(), "/sign-up");
        assert_eq!(LocalPath::default().to_sign_in().as_str(), "/sign-in");
    }

    #[test]
    fn what_is_carried_is_read_once() {
        for path in ["/account", "/a?b=%2Fc&d=%25+%E9%96%80#e"] {
            let path = LocalPath::from(path);
            let link = path.via_sign_in();
            let (_, query) = link.as_str().split_once('?').unwrap();
            assert_eq!(LocalPath::next_of(&format!("x=1&{query}&y")), Some(path));
        }
        for nonsense in [
            "next=",
            "next=%",
            "next=%2",
            "next=%zz",
            "next=/%E9%96%80",
            "next=%2F%2Fa",
            "next=/%FF",
            "next=/a+b",
            "next=//a",
        ] {
            assert_eq!(
                LocalPath::next_of(nonsense),
                Some(LocalPath::default()),
                "{nonsense}"
            );
        }
        assert_eq!(LocalPath::next_of("nexT=/x"), None);
    }

    #[test]
    fn a_fragment_is_added_where_there_is_none() {
        let path = LocalPath::from("/account?a=1");
        assert_eq!(path.with_fragment("#b").as_str(), "/account?a=1#b");
        assert_eq!(path.with_fragment("").as_str(), "/account?a=1");
        assert_eq!(path.with_fragment("#caf\u{e9}"), path);
        let whole = LocalPath::from("/account#a");
        assert_eq!(whole.with_fragment("#b"), whole);
    }
}
