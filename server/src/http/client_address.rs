//! Where a request came from, when proxies stand in between.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap},
};
use ipnet::IpNet;

use super::request::text_of;

/// The client's address: the peer's, or, where the peer is a trusted proxy, the last address in
/// `X-Forwarded-For` that is none. Whatever stands before that one, anybody can write.
pub fn client_address(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> String {
    let peer = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    peer.map(|peer| behind_proxies(peer, headers, trusted).to_string())
        .unwrap_or_default()
}

fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_proxy = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let peer = peer.to_canonical();
    if !is_proxy(&peer) {
        return peer;
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(text_of)
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for hop in forwarded.into_iter().rev() {
        let Ok(address) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        nearest = address.to_canonical();
        if !is_proxy(&nearest) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn address(peer: &str, forwarded: &'static str) -> String {
        let headers = [(
            "x-forwarded-for".parse().unwrap(),
            HeaderValue::from_static(forwarded),
        )];
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        behind_proxies(
            peer.parse().unwrap(),
            &headers.into_iter().collect(),
            &trusted,
        )
        .to_string()
    }

    #[test]
    fn a_stranger_cannot_say_who_they_are() {
        assert_eq!(address("203.0.113.7", "198.51.100.1"), "203.0.113.7");
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
    }
}
