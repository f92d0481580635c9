//! Which network an address belongs to: whoever has one address of it has all of them.
//!
//! Counts of what a stranger may do go by network and not by address. An IPv6 subscriber gets a /64
//! at least and a /48 at most (RFC 6177 §2), so both are counted: the wider one more generously,
//! because it may be a provider's who gives less.

use std::{fmt, net::IpAddr};

use ipnet::{IpNet, Ipv6Net};

/// A network that one party holds: an IPv4 address, or an IPv6 prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpNet);

impl Network {
    /// The smallest network that one party holds: the address itself of IPv4, the /64 of IPv6.
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address).into(),
            IpAddr::V6(address) => Ipv6Net::new_assert(address, 64).trunc().into(),
        })
    }

    /// The largest one: the /48 of IPv6. `None` for IPv4, where it is the address itself.
    pub fn site_of(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => Some(Self(Ipv6Net::new_assert(address, 48).trunc().into())),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> String {
        Network::of(address.parse().unwrap()).to_string()
    }

    fn site_of(address: &str) -> Option<String> {
        Network::site_of(address.parse().unwrap()).map(|network| network.to_string())
    }

    #[test]
    fn an_ipv4_address_is_a_network_of_its_own_however_it_is_written() {
        assert_eq!(of("203.0.113.7"), "203.0.113.7/32");
        assert_eq!(of("::ffff:203.0.113.7"), "203.0.113.7/32");
        assert_eq!(site_of("203.0.113.7"), None);
        assert_eq!(site_of("::ffff:203.0.113.7"), None);
    }

    #[test]
    fn ipv6_addresses_of_one_subscriber_are_one_network() {
        assert_eq!(of("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2::"), "2001:db8:1:2::/64");
        assert_eq!(
            site_of("2001:db8:1:2:3::4"),
            Some("2001:db8:1::/48".to_owned())
        );
        assert_ne!(of("2001:db8:1:2::4"), of("2001:db8:1:3::4"));
    }
}
