//! Where a request came from, when proxies stand in between.
//!
//! Only the word of a proxy that the operator has named counts, and of that only the address. What
//! this site is called and that it is reached by TLS says `base_url`: `X-Forwarded-Proto`,
//! `X-Forwarded-Host`, and `host` and `proto` of `Forwarded`, are not read, and `Host` chooses
//! nothing, so that no request can put a name of its own into a link, a redirect or a token's issuer.
//!
//! Proxies write `X-Forwarded-For` or `Forwarded` (RFC 7239) and pass on the other as the client has
//! sent it. The setting `proxy_header` says which of them is theirs. Unless it does, both are read, and
//! where they do not agree, one of them is forged, and neither is believed.

use std::{
    net::{IpAddr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderValue},
};
use ipnet::IpNet;

use crate::{
    http::forwarded,
    settings::{ProxyHeader, ProxySettings},
};

const X_FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED: &str = "forwarded";

/// The proxies whose word on the client's address is believed.
#[derive(Debug, Default)]
pub struct Proxies {
    networks: Vec<IpNet>,
    header: ProxyHeader,
    /// Whether an unknown proxy has been logged.
    warned: AtomicBool,
}

impl Proxies {
    /// The proxies that are set, and the header that they write into.
    pub fn new(settings: &ProxySettings) -> Self {
        Self::within(settings.trusted_proxies.networks(), settings.proxy_header)
    }

    fn within(networks: &[IpNet], header: ProxyHeader) -> Self {
        Self {
            networks: networks.to_vec(),
            header,
            warned: AtomicBool::new(false),
        }
    }

    /// The client's address: the peer's, or, where the peer is one of these, the last address that it
    /// was told and that is none. Whatever stands before that one, anybody can write.
    pub fn client_address(&self, extensions: &Extensions, headers: &HeaderMap) -> String {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|peer| peer.0.ip());
        peer.map(|peer| self.resolve(peer, headers).to_string())
            .unwrap_or_default()
    }

    fn resolve(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        let [x_forwarded_for, forwarded] =
            [X_FORWARDED_FOR, FORWARDED].map(|name| headers.contains_key(name));
        if !x_forwarded_for && !forwarded {
            return peer;
        }
        if !self.is_proxy(peer) {
            self.warn(peer);
            return peer;
        }
        let x_forwarded_for = x_forwarded_for && self.header != ProxyHeader::Forwarded;
        let x_forwarded_for = x_forwarded_for.then(|| {
            let hops = lines(headers, X_FORWARDED_FOR).flat_map(|line| line.split(|b| *b == b','));
            self.nearest(peer, &hops.map(forwarded::read_node).collect::<Vec<_>>())
        });
        let forwarded = forwarded && self.header != ProxyHeader::XForwardedFor;
        let forwarded = forwarded.then(|| {
            let hops = lines(headers, FORWARDED).flat_map(forwarded::read);
            self.nearest(peer, &hops.collect::<Vec<_>>())
        });
        match (x_forwarded_for, forwarded) {
            (Some(one), Some(other)) if one != other => peer,
            (one, other) => one.or(other).unwrap_or(peer),
        }
    }

    /// From the nearest hop on: the first that is no proxy of ours. What is no address ends the chain.
    fn nearest(&self, peer: IpAddr, hops: &[Option<IpAddr>]) -> IpAddr {
        let mut nearest = peer;
        for hop in hops.iter().rev() {
            let Some(address) = hop else { break };
            nearest = *address;
            if !self.is_proxy(nearest) {
                break;
            }
        }
        nearest
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|net| net.contains(&address))
    }

    /// Logs it once: either a proxy is missing in the settings, or a client forges the header.
    fn warn(&self, peer: IpAddr) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %peer,
                "X-Forwarded-For or Forwarded from an address that trusted_proxies does not name: not believed. \
                 If it is your proxy, name it; else all its clients share its limits"
            );
        }
    }
}

fn lines<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a [u8]> {
    headers.get_all(name).iter().map(HeaderValue::as_bytes)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn resolve(peer: &str, pairs: &[(&'static str, &[u8])]) -> String {
        resolve_by(ProxyHeader::Auto, peer, pairs)
    }

    fn resolve_by(header: ProxyHeader, peer: &str, pairs: &[(&'static str, &[u8])]) -> String {
        let networks = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let proxies = Proxies::within(&networks, header);
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let value = HeaderValue::from_bytes(value).unwrap();
            headers.append(HeaderName::from_static(name), value);
        }
        proxies.resolve(peer.parse().unwrap(), &headers).to_string()
    }

    fn address(peer: &str, forwarded: &'static str) -> String {
        resolve(peer, &[(X_FORWARDED_FOR, forwarded.as_bytes())])
    }

    #[test]
    fn a_stranger_cannot_say_who_they_are() {
        assert_eq!(address("203.0.113.7", "198.51.100.1"), "203.0.113.7");
        let forwarded: (_, &[u8]) = (FORWARDED, b"for=198.51.100.1");
        assert_eq!(resolve("203.0.113.7", &[forwarded]), "203.0.113.7");
    }

    #[test]
    fn a_trusted_proxy_is_believed_up_to_the_first_stranger() {
        assert_eq!(address("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(
            address("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2"),
            "198.51.100.1"
        );
        assert_eq!(address("::ffff:10.0.0.1", "2001:db8::1"), "2001:db8::1");
    }

    #[test]
    fn nonsense_ends_the_chain_of_trust() {
        assert_eq!(address("10.0.0.1", "198.51.100.1, nonsense"), "10.0.0.1");
        assert_eq!(address("::1", ""), "::1");
        let bytes: (_, &[u8]) = (X_FORWARDED_FOR, b"6.6.6.6, \xff, 10.0.0.2");
        assert_eq!(resolve("10.0.0.1", &[bytes]), "10.0.0.2");
    }

    #[test]
    fn ports_brackets_and_quotes_are_read() {
        for (said, address_of) in [
            ("198.51.100.1:4711", "198.51.100.1"),
            ("6.6.6.6, 198.51.100.1:4711, 10.0.0.2:80", "198.51.100.1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("\"198.51.100.1\"", "198.51.100.1"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
        ] {
            assert_eq!(address("10.0.0.1", said), address_of, "{said}");
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        let lines: [(&str, &[u8]); 3] = [
            (X_FORWARDED_FOR, b"6.6.6.6"),
            (X_FORWARDED_FOR, b"198.51.100.1, 10.0.0.3"),
            (X_FORWARDED_FOR, b"10.0.0.2"),
        ];
        assert_eq!(resolve("10.0.0.1", &lines), "198.51.100.1");
        let lines: [(&str, &[u8]); 2] = [
            (FORWARDED, b"for=6.6.6.6, for=198.51.100.1;proto=https"),
            (FORWARDED, b"for=10.0.0.2"),
        ];
        assert_eq!(resolve("10.0.0.1", &lines), "198.51.100.1");
    }

    #[test]
    fn of_two_headers_that_disagree_neither_is_believed() {
        let real: (_, &[u8]) = (X_FORWARDED_FOR, b"198.51.100.1");
        let same: (_, &[u8]) = (FORWARDED, b"for=198.51.100.1;proto=https");
        let made_up: (_, &[u8]) = (FORWARDED, b"for=6.6.6.6");
        assert_eq!(resolve("10.0.0.1", &[real, same]), "198.51.100.1");
        assert_eq!(resolve("10.0.0.1", &[real, made_up]), "10.0.0.1");
    }

    #[test]
    fn of_a_proxy_whose_header_is_named_the_other_one_changes_nothing() {
        let real: (_, &[u8]) = (X_FORWARDED_FOR, b"198.51.100.1");
        let made_up: (_, &[u8]) = (FORWARDED, b"for=6.6.6.6");
        let header = ProxyHeader::XForwardedFor;
        assert_eq!(
            resolve_by(header, "10.0.0.1", &[real, made_up]),
            "198.51.100.1"
        );
        assert_eq!(resolve_by(header, "10.0.0.1", &[made_up]), "10.0.0.1");
        let header = ProxyHeader::Forwarded;
        assert_eq!(resolve_by(header, "10.0.0.1", &[real, made_up]), "6.6.6.6");
        assert_eq!(resolve_by(header, "10.0.0.1", &[real]), "10.0.0.1");
    }
}
