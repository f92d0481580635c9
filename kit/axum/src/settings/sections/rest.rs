//! The REST API.

use url::Url;

use super::super::Value;

crate::settings_section! {
    /// Who may call the REST API from a browser.
    pub struct RestSettings in "REST API" {
        /// Origins whose pages may call the REST API from a browser (CORS, Fetch §3.2), matched
        /// exactly and never with cookies; without any, no page of another origin may.
        cors_origins: Vec<CorsOrigin> = "";
    }
}

/// An origin that the operator names letter by letter, as a browser or a native app's web view sends it
/// in `Origin` (RFC 6454 §6.2): `https://app.example`, `capacitor://localhost`, `tauri://localhost`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsOrigin(String);

impl CorsOrigin {
    /// As it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `null` is what any sandboxed frame sends, and a wildcard is any origin.
fn read_origin(text: &str) -> Option<CorsOrigin> {
    let (scheme, host) = text.split_once("://")?;
    let host = host.strip_suffix('/').unwrap_or(host);
    let stray = |c: char| "/\\?#@*".contains(c) || c.is_whitespace() || c.is_control();
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if !named || host.is_empty() || host.contains(stray) {
        return None;
    }
    let url = Url::parse(text).ok()?;
    url.host_str().filter(|host| !host.is_empty())?;
    let origin = url.origin();
    if origin.is_tuple() {
        return Some(CorsOrigin(origin.ascii_serialization()));
    }
    host.is_ascii()
        .then(|| CorsOrigin(format!("{}://{host}", scheme.to_ascii_lowercase())))
}

impl Value for Vec<CorsOrigin> {
    const NOUN: &'static str = "origins separated by commas, such as https://app.example, \
        http://localhost:5173 or capacitor://localhost, and no wildcard";
    const LIST: bool = true;

    fn read(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::new());
        }
        text.split(',')
            .map(|part| read_origin(part.trim()))
            .collect()
    }

    fn show(&self) -> String {
        let origins: Vec<_> = self.iter().map(CorsOrigin::as_str).collect();
        origins.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_origin_may_be_named_letter_by_letter() {
        for (text, sent) in [
            ("capacitor://localhost", "capacitor://localhost"),
            ("tauri://localhost", "tauri://localhost"),
            ("ionic://localhost/", "ionic://localhost"),
            (
                "chrome-extension://abcdefghijklmnop",
                "chrome-extension://abcdefghijklmnop",
            ),
            ("http://192.168.0.10:5173", "http://192.168.0.10:5173"),
            ("https://App.example:443", "https://app.example"),
        ] {
            assert_eq!(Vec::<CorsOrigin>::read(text).unwrap().show(), sent);
        }
        let list = Vec::<CorsOrigin>::read(" https://App.example , http://localhost:5173").unwrap();
        assert_eq!(list.show(), "https://app.example,http://localhost:5173");
        assert!(Vec::<CorsOrigin>::read(" ").unwrap().is_empty());
        for text in [
            "*",
            "null",
            "https://a.example,",
            "https://*.example",
            "capacitor://",
            "app",
            "https:a.example",
            "https://a.example/path",
            "https://user@a.example",
            "tauri://local host",
            "1a://b",
        ] {
            assert!(Vec::<CorsOrigin>::read(text).is_none(), "{text}");
        }
    }
}
