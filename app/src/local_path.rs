//! Paths on this site, and nowhere else.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};

/// A path with an optional query that a browser resolves to this site whatever it is given in: the
/// only thing that a redirect may go to (OWASP Unvalidated Redirects; WHATWG URL §4.4, where `\`
/// counts as `/` and tabs and newlines vanish).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct LocalPath(String);

impl LocalPath {
    /// Where a sign-in leads unless somebody was on their way elsewhere.
    pub const AFTER_SIGN_IN: &str = "/account";
    const MAX_BYTES: usize = 512;

    /// The path, if it is one.
    pub fn parse(path: &str) -> Option<Self> {
        let local = path.len() <= Self::MAX_BYTES
            && path.starts_with('/')
            && !path.starts_with("//")
            && path
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        local.then(|| Self(path.to_owned()))
    }

    /// The path itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where to sign in on the way to this path.
    #[must_use]
    pub fn via_sign_in(&self) -> Self {
        Self(format!("/sign-in?next={}", percent_encode(&self.0)))
    }
}

impl Default for LocalPath {
    fn default() -> Self {
        Self(Self::AFTER_SIGN_IN.to_owned())
    }
}

/// Anything that is no local path becomes the default one.
impl From<String> for LocalPath {
    fn from(path: String) -> Self {
        Self::parse(&path).unwrap_or_default()
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

fn percent_encode(path: &str) -> String {
    path.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
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
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(512))), None);
    }

    #[test]
    fn the_way_via_sign_in_carries_the_path_as_one_value() {
        let path = LocalPath::from("/account?a=1&b=2".to_owned());
        assert_eq!(
            path.via_sign_in().as_str(),
            "/sign-in?next=/account%3Fa%3D1%26b%3D2"
        );
    }
}
