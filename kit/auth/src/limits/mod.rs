//! How often strangers may try: to sign in, and to make accounts.
//!
//! A count lasts for a window and starts anew with the next. Each node counts in its memory; where
//! there is a [`Redis`](crate::Redis), the nodes count together.

mod counts;

use std::{net::IpAddr, time::Duration};

pub(crate) use self::counts::{Counts, Key, key};
use crate::{clock::Timestamp, network::Network};

/// How many times as often a whole IPv6 /48 may try as one network.
pub(crate) const OF_SITE: u32 = 4;

/// The networks of an address: the one it is in, and the IPv6 /48 around that. What is no address is
/// taken as it is.
pub(crate) fn networks(ip: &str) -> (String, Option<String>) {
    match ip.parse::<IpAddr>() {
        Ok(ip) => (
            Network::of(ip).to_string(),
            Network::site_of(ip).map(|site| site.to_string()),
        ),
        Err(_) => (ip.to_owned(), None),
    }
}

/// The number of a stretch of time, and how long it still lasts.
pub(crate) fn stretch(now: Timestamp, length: Duration) -> (i64, Duration) {
    let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX).max(1);
    let number = now.as_millis().div_euclid(length);
    let end = Timestamp::from_millis((number + 1).saturating_mul(length));
    (number, end.since(now))
}
