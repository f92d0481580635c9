//! How much the learning pages may work. What they run costs far more than a request does, and anybody
//! may ask for it.
//!
//! All of it together may keep one core busy for a fourth of the time, and one network for an eighth,
//! so that nobody can use it up for everybody else. Whoever comes after a quiet while may run several
//! things in a row first: that is their credit. Work is paid for afterwards, by its own time: whoever
//! owes more than the credit waits until enough is paid.

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
    /// One part of so many.
    of: u32,
    /// How much work may be done at once after a quiet while.
    credit: Duration,
}

/// Of all networks together.
const ALL: Share = Share {
    of: 4,
    credit: Duration::from_secs(16),
};
/// Of one.
const ONE: Share = Share {
    of: 8,
    credit: Duration::from_secs(8),
};

/// What was worked, and for whom.
#[derive(Debug, Default)]
pub(super) struct Budget(Mutex<Debts>);

#[derive(Debug, Default)]
struct Debts {
    all: Debt,
    /// Only of those who still owe. The least that is run takes milliseconds, and all
    /// together may work for so long only: there are never many.
    networks: HashMap<Network, Debt>,
}

/// When everything is paid. `None`: nothing was ever owed.
#[derive(Clone, Copy, Debug, Default)]
struct Debt(Option<Instant>);

/// Where somebody is: one address of IPv4, or what one customer has of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Network(Option<IpAddr>);

impl Network {
    /// The network of that address. All addresses that are none are one.
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
    /// How long that network has to wait before something may be run for it.
    pub(super) fn wait(&self, network: Network, now: Instant) -> Duration {
        let debts = self.debts();
        let one = debts.networks.get(&network).copied().unwrap_or_default();
        ALL.wait(debts.all, now).max(ONE.wait(one, now))
    }

    /// Something was run for that network for so long.
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
    fn of_who_owes_nothing_any_more_nothing_is_kept() {
        let (budget, start) = (Budget::default(), Instant::now());
        for number in 0..1000_u32 {
            let network = Network::of(&Ipv4Addr::from_bits(number).to_string());
            budget.charge(network, SECOND / 100, start + number * SECOND);
            assert!(budget.debts().networks.len() <= 2);
        }
    }
}
