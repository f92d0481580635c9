//! Proxies in front of the server.

use std::net::IpAddr;

use ipnet::IpNet;

use super::super::{Settings, Value};

crate::settings_section! {
    /// Which proxies stand in front, and how they pass the client's address on.
    pub struct ProxySettings in "Proxies" {
        /// Proxies whose word on the client's address is believed (`X-Forwarded-For`, `Forwarded`);
        /// anyone else's is ignored, and with an `https` base URL the server starts only if this is
        /// set or it serves TLS itself.
        trusted_proxies: TrustedProxies = "";

        /// Header in which these proxies put the client's address; the other one is not read, as
        /// they pass it on the way the client sent it; with `auto` both are read, and neither is
        /// believed where they disagree.
        proxy_header: ProxyHeader = "auto";
    }
}

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

/// Why the server should not start behind a proxy that the operator has not named: `None` if it may.
///
/// A base URL of `https` and no TLS of our own mean that something else speaks TLS and passes requests
/// on. Unless its word is believed, all clients have its address, and one that fails to sign in often
/// enough keeps all others out.
pub fn unnamed_proxy(settings: &Settings) -> Option<&'static str> {
    let is_behind_one = settings.server.base_url.is_https() && !settings.tls.is_spoken();
    (is_behind_one && !settings.proxies.trusted_proxies.is_said()).then_some(
        "base_url is https, so a proxy speaks TLS for Monban, but trusted_proxies does not say which: \
         all clients would have the address of the proxy, and one of them could lock out all the others. \
         Set trusted_proxies to the addresses that the proxy connects from, such as 127.0.0.1 or \
         10.0.0.0/8; `none` means that no proxy's word is believed",
    )
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
}
