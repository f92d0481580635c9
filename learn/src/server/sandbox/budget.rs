//! Limits the CPU time of the learning pages. What they run costs far more than a request does, and any
//! visitor may start it.
//!
//! All runs together may use a fourth of one core's time, and those of one network an eighth, so that
//! no network can use up the time of all others. After a quiet time several runs in a row are allowed
//! first: the credit. Each run is charged afterwards with the time that it took; a network that owes
//! more than the credit waits until enough of the debt has been paid off by time.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// A share of one core's time.
#[derive(Clone, Copy, Debug)]
struct Share {
    /// The denominator: one part of so many.
    of: u32,
    /// The working time that is allowed at once after a quiet time.
    credit: Duration,
}

/// The share of all networks together.
const ALL: Share = Share {
    of: 4,
    credit: Duration::from_secs(16),
};
/// The share of one network.
const ONE: Share = Share {
    of: 8,
    credit: Duration::from_secs(8),
};

/// The working time that is owed, in all and by network.
#[derive(Debug, Default)]
pub(super) struct Budget(Mutex<Debts>);

#[derive(Debug, Default)]
struct Debts {
    all: Debt,
    /// The networks that still owe. There are never many: the shortest run takes milliseconds, and the
    /// working time of all together is limited.
    networks: HashMap<Network, Debt>,
}

/// The instant at which everything is paid; `None` if nothing was ever owed.
#[derive(Clone, Copy, Debug, Default)]
struct Debt(Option<Instant>);

/// A visitor's network: one address of IPv4, or the /64 that one customer has of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Network(Option<IpAddr>);

impl Network {
    /// The network of that address. All texts that are no address count as one network.
    pub(super) fn of(ip: &str) -> Self {
        let address = ip.parse::<IpAddr>().ok();
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V6(address) => {
                let customer = u128::from(address) >> 64 << 64;
                IpAddr::V6(Ipv6Addr::from(customer))
            }
            address @ IpAddr::V4(_) => address,
        }))
    }
}

impl Budget {
    /// How long that network has to wait before its next run.
    pub(super) fn wait(&self, network: Network, now: Instant) -> Duration {
        let debts = self.debts();
        let one = debts.networks.get(&network).copied().unwrap_or_default();
        ALL.wait(debts.all, now).max(ONE.wait(one, now))
    }

    /// Charges that network with the time that a run took.
    pub(super) fn charge(&self, network: Network, worked: Duration, now: Instant) {
        let mut debts = self.debts();
        debts.all = ALL.after(debts.all, worked, now);
        debts
            .networks
            .retain(|_, debt| debt.left(now) > Duration::ZERO);
        let one = debts.networks.entry(network).or_default();
        *one = ONE.after(*one, worked, now);
    }

    fn debts(&self) -> MutexGuard<'_, Debts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Debt {
    fn left(self, now: Instant) -> Duration {
        self.0
            .map_or(Duration::ZERO, |paid| paid.saturating_duration_since(now))
    }
}

impl Share {
    fn wait(self, debt: Debt, now: Instant) -> Duration {
        debt.left(now).saturating_sub(self.credit * self.of)
    }

    fn after(self, debt: Debt, worked: Duration, now: Instant) -> Debt {
        Debt(Some(now + debt.left(now) + worked * self.of))
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn an_address_stands_for_what_one_customer_has() {
        let same = |one, other| Network::of(one) == Network::of(other);
        assert!(same("192.0.2.7", "::ffff:192.0.2.7"));
        assert!(same("2001:db8:1:2::3", "2001:db8:1:2:ffff::9"));
        assert!(same("", "unknown"));
        assert!(!same("192.0.2.7", "192.0.2.8"));
        assert!(!same("2001:db8:1:2::3", "2001:db8:1:3::3"));
        assert!(!same("", "192.0.2.7"));
    }

    #[test]
    fn credit_comes_first_and_then_each_second_costs_eight() {
        let (budget, network, start) =
            (Budget::default(), Network::of("192.0.2.7"), Instant::now());
        for worked in 0..=8 {
            assert_eq!(budget.wait(network, start), Duration::ZERO, "{worked}");
            budget.charge(network, SECOND, start);
        }
        assert_eq!(budget.wait(network, start), 8 * SECOND);
        assert_eq!(budget.wait(network, start + 7 * SECOND), SECOND);
        assert_eq!(budget.wait(network, start + 8 * SECOND), Duration::ZERO);
        assert_eq!(
            budget.wait(Network::of("192.0.2.8"), start),
            Duration::ZERO,
            "others have their own"
        );
    }

    #[test]
    fn networks_that_owe_nothing_are_removed() {
        let (budget, start) = (Budget::default(), Instant::now());
        for number in 0..1000_u32 {
            let network = Network::of(&Ipv4Addr::from_bits(number).to_string());
            budget.charge(network, SECOND / 100, start + number * SECOND);
            assert!(budget.debts().networks.len() <= 2);
        }
    }
}
