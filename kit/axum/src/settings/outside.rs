//! Who stands around the server: proxies in front of it, pages of other origins, people who report.

use std::net::IpAddr;

use ipnet::IpNet;
use url::Url;

use super::{Settings, value::Value};

/// The proxies whose word on the client's address is believed, or that there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies(Option<Vec<IpNet>>);

impl TrustedProxies {
    /// Their networks.
    pub fn networks(&self) -> &[IpNet] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether the operator has said anything about them.
    pub fn is_said(&self) -> bool {
        self.0.is_some()
    }
}

/// Where proxies write the client's address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProxyHeader {
    /// In either.
    #[default]
    Auto,
    /// In `X-Forwarded-For`.
    XForwardedFor,
    /// In `Forwarded` (RFC 7239).
    Forwarded,
}

impl Value for ProxyHeader {
    const NOUN: &'static str = "auto, x-forwarded-for or forwarded";

    fn read(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "auto" => Some(Self::Auto),
            "x-forwarded-for" => Some(Self::XForwardedFor),
            "forwarded" => Some(Self::Forwarded),
            _ => None,
        }
    }

    fn show(&self) -> String {
        match self {
            Self::Auto => "auto",
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
        .to_owned()
    }
}

/// Why the server should not start behind a proxy that nobody has named: `None` if it may.
///
/// A base URL of `https` and no TLS of our own mean that something else speaks TLS and passes requests
/// on. Unless its word is believed, all clients have its address, and whoever fails to sign in often
/// enough keeps everybody out.
pub fn unnamed_proxy(settings: &Settings) -> Option<&'static str> {
    let behind = settings.base_url.is_https() && !speaks_tls(settings);
    (behind && !settings.trusted_proxies.is_said()).then_some(
        "base_url is https, so a proxy speaks TLS for Monban, but trusted_proxies does not say which: \
         all clients would have the address of the proxy, and one of them could lock out all the others. \
         Set trusted_proxies to the addresses that the proxy connects from, such as 127.0.0.1 or \
         10.0.0.0/8; `none` means that no proxy's word is believed",
    )
}

/// Whether Monban speaks TLS by itself.
fn speaks_tls(settings: &Settings) -> bool {
    settings.tls_cert.get().is_some() || settings.tls_self_signed
}

impl Value for TrustedProxies {
    const NOUN: &'static str =
        "IP addresses or networks separated by commas, such as 127.0.0.1,10.0.0.0/8, or `none`";
    const LIST: bool = true;

    fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "" => Some(Self(None)),
            "none" => Some(Self(Some(Vec::new()))),
            text => text
                .split(',')
                .map(|part| read_network(part.trim()))
                .collect::<Option<_>>()
                .map(|networks| Self(Some(networks))),
        }
    }

    fn show(&self) -> String {
        match &self.0 {
            None => String::new(),
            Some(networks) if networks.is_empty() => "none".to_owned(),
            Some(networks) => {
                let networks: Vec<_> = networks.iter().map(IpNet::to_string).collect();
                networks.join(",")
            }
        }
    }
}

fn read_network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_| address())
        .ok()
        .map(|network: IpNet| network.trunc())
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

/// `null` is what everybody's sandboxed frame sends, and a wildcard is everybody.
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

/// An address at which somebody takes reports of vulnerabilities (RFC 9116 §2.5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact(String);

impl Contact {
    /// The address, a URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for Vec<Contact> {
    const NOUN: &'static str = "addresses separated by commas, each beginning with `mailto:`, \
        `https://` or `tel:`";
    const LIST: bool = true;

    fn read(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::new());
        }
        text.split(',')
            .map(|part| {
                let part = part.trim();
                let named = ["mailto:", "https://", "tel:"]
                    .iter()
                    .any(|scheme| part.len() > scheme.len() && part.starts_with(scheme));
                let url =
                    part.bytes().all(|byte| byte.is_ascii_graphic()) && Url::parse(part).is_ok();
                (named && url).then(|| Contact(part.to_owned()))
            })
            .collect()
    }

    fn show(&self) -> String {
        let contacts: Vec<_> = self.iter().map(Contact::as_str).collect();
        contacts.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_named_or_none_or_unsaid() {
        for (text, shown, said) in [
            ("", "", false),
            (" ", "", false),
            ("none", "none", true),
            ("127.0.0.1, 10.1.2.3/8", "127.0.0.1/32,10.0.0.0/8", true),
        ] {
            let proxies = TrustedProxies::read(text).unwrap();
            assert_eq!(
                (proxies.show().as_str(), proxies.is_said()),
                (shown, said),
                "{text}"
            );
        }
        for text in [
            "None",
            "none,10.0.0.0/8",
            "localhost",
            "10.0.0.0/33",
            "10.0.0.1,",
        ] {
            assert_eq!(TrustedProxies::read(text), None, "{text}");
        }
    }

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

    #[test]
    fn a_contact_is_an_address_that_one_can_use() {
        let read = |text| Vec::<Contact>::read(text).map(|contacts| contacts.show());
        assert_eq!(
            read("mailto:security@example.com, https://example.com/report").as_deref(),
            Some("mailto:security@example.com,https://example.com/report")
        );
        assert_eq!(read("").as_deref(), Some(""));
        for text in [
            "security@example.com",
            "mailto:",
            "http://example.com",
            "mailto:a@b\nX: y",
            "https://",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
