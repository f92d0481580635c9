//! The origin at which browsers reach the server.

use url::{Host, Url};

use super::Value;

/// Scheme, host and port, and nothing else.
///
/// Plain `http` is taken only where browsers trust it all the same: on the loopback. Anywhere else
/// they would drop the `__Host-` cookies, which are `Secure` (RFC 6265bis §4.1.3.2), and every
/// sign-in would be lost without a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    https: bool,
}

impl BaseUrl {
    /// The origin as browsers serialise it (RFC 6454 §6.2): lower case, without a default port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host, an IPv6 address without its brackets.
    pub fn host(&self) -> String {
        let url = Url::parse(&self.origin).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        host.trim_matches(['[', ']']).to_owned()
    }

    /// The port, also where it is the scheme's own.
    pub fn port(&self) -> Option<u16> {
        Url::parse(&self.origin).ok()?.port_or_known_default()
    }

    /// The origin that the same machine has by its other name, if it has one: `localhost` and
    /// `127.0.0.1` are two sites to a browser.
    pub fn other_origin(&self) -> Option<String> {
        let mut url = Url::parse(&self.origin).ok()?;
        let other = match url.host_str()? {
            "localhost" => "127.0.0.1",
            "127.0.0.1" => "localhost",
            _ => return None,
        };
        url.set_host(Some(other)).ok()?;
        Some(url.origin().ascii_serialization())
    }

    /// Whether only this machine reaches it by that address.
    pub fn is_loopback(&self) -> bool {
        let url = Url::parse(&self.origin);
        url.is_ok_and(|url| url.host().is_some_and(|host| is_loopback(&host)))
    }

    /// Whether the scheme is `https`.
    pub fn is_https(&self) -> bool {
        self.https
    }
}

impl Value for BaseUrl {
    const NOUN: &'static str = "https:// with a host and optionally a port, without path, query or \
        user; http:// only for localhost, *.localhost, 127.0.0.0/8 and [::1], as browsers drop \
        Secure cookies elsewhere";

    fn read(text: &str) -> Option<Self> {
        // The URL parser forgives what an operator should hear about: missing or doubled slashes,
        // white space, paths like `/..`, an empty user.
        let (_, authority) = text.split_once("://")?;
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        let stray = |c: char| "/\\?#@*".contains(c) || c.is_whitespace() || c.is_control();
        if authority.contains(stray) || text.starts_with(stray) {
            return None;
        }
        let url = Url::parse(text).ok()?;
        let https = match url.scheme() {
            "https" => true,
            "http" if is_loopback(&url.host()?) => false,
            _ => return None,
        };
        Some(Self {
            origin: url.origin().ascii_serialization(),
            https,
        })
    }

    fn show(&self) -> String {
        self.origin.clone()
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Option<String> {
        BaseUrl::read(text).map(|url| url.origin)
    }

    #[test]
    fn an_origin_is_serialised_as_browsers_do() {
        for (text, expected) in [
            (
                "https://Accounts.Example.COM",
                "https://accounts.example.com",
            ),
            ("HTTPS://example.com:443", "https://example.com"),
            ("https://example.com/", "https://example.com"),
            ("https://example.com:8443", "https://example.com:8443"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://[2001:DB8::0:1]:8443", "https://[2001:db8::1]:8443"),
            ("http://localhost:80", "http://localhost"),
        ] {
            assert_eq!(origin(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_machine_has_another_name_on_the_loopback_only() {
        for (text, expected) in [
            ("http://localhost:3000", Some("http://127.0.0.1:3000")),
            ("http://127.0.0.1", Some("http://localhost")),
            ("https://localhost:8443", Some("https://127.0.0.1:8443")),
            ("http://app.localhost:3000", None),
            ("https://example.com", None),
        ] {
            let other = BaseUrl::read(text).and_then(|url| url.other_origin());
            assert_eq!(other.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn http_is_taken_on_the_loopback_only() {
        for text in [
            "http://localhost:3000",
            "http://app.localhost",
            "http://127.8.9.1:3000",
            "http://[::1]:3000",
        ] {
            assert!(origin(text).is_some(), "{text}");
        }
        for text in [
            "http://example.com",
            "http://localhost.example.com",
            "http://notlocalhost",
            "http://192.168.0.10:3000",
            "http://0.0.0.0:3000",
            "http://[::]:3000",
        ] {
            assert_eq!(origin(text), None, "{text}");
        }
    }

    #[test]
    fn anything_besides_scheme_host_and_port_is_refused() {
        for text in [
            "",
            "localhost:3000",
            "https:example.com",
            "https://",
            "https:///example.com",
            "https://example.com//",
            "https://example.com/app",
            "https://example.com/app/..",
            "https://example.com\\app",
            "https://example.com?",
            "https://example.com/?next=1",
            "https://example.com#top",
            "https://user@example.com",
            "https://user:password@example.com",
            "https://@example.com",
            "https://*.example.com",
            "https://example.com:99999",
            " https://example.com",
            "https://example.com ",
            "https://exam\tple.com",
            "ftp://example.com",
            "wss://localhost",
        ] {
            assert_eq!(origin(text), None, "{text}");
        }
    }

    #[test]
    fn the_loopback_is_told_from_everywhere_else_whatever_the_scheme() {
        for (text, expected) in [
            ("http://localhost:3000", true),
            ("https://localhost", true),
            ("https://app.localhost:8443", true),
            ("https://127.0.0.1", true),
            ("https://[::1]:8443", true),
            ("https://example.com", false),
            ("https://localhost.example.com", false),
            ("https://192.168.0.10", false),
        ] {
            assert_eq!(
                BaseUrl::read(text).unwrap().is_loopback(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn https_is_told_from_http() {
        assert!(BaseUrl::read("https://example.com").unwrap().is_https());
        assert!(!BaseUrl::read("http://localhost").unwrap().is_https());
    }
}
