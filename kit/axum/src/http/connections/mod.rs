//! What one client may take of the server before it has asked for anything: connections.
//!
//! The first thing that the server's [acceptor](crate::tls::Acceptor) does with one. At most so many connections
//! are open in all, and at most so many from one network; named proxies stand for many clients and
//! count in all only. One too many is answered 503 and closed. One that is open keeps to the
//! time-outs of its `stream`.

mod open_files;
mod shed;
mod stream;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    io,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ipnet::IpNet;
use monban_auth::Network;
use tokio::net::TcpStream;

pub use self::stream::{Marked, TimedStream};
use self::{
    shed::Shed,
    stream::{Phase, Timeouts},
};
use crate::settings::Settings;

/// Files that are no connections of clients: the database, the log, those that are being turned away.
const OTHER_FILES: usize = 192;

/// How many times as many connections an IPv6 /48 may hold as one network: it may be a provider's.
const OF_SITE: usize = 4;

/// Counts connections and times them.
#[derive(Clone, Debug)]
pub struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limits: Limits,
    timeouts: Timeouts,
    open: Mutex<Open>,
    shed: Shed,
}

/// How many connections may be open.
#[derive(Clone, Debug)]
struct Limits {
    total: usize,
    of_network: usize,
    trusted_proxies: Arc<[IpNet]>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    /// At most two entries for each open connection.
    networks: HashMap<Network, usize>,
}

/// Why one more is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Full {
    InAll,
    OfNetwork,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InAll => "max_connections",
            Self::OfNetwork => "max_connections_per_network",
        })
    }
}

/// The place of an open connection; free again when it is dropped.
#[derive(Debug)]
struct Place {
    connections: Connections,
    networks: [Option<Network>; 2],
}

impl Connections {
    /// Connections within these settings. Raises this process's limit of open files as far as it
    /// goes, and allows no more connections than there may be files.
    pub fn new(settings: &Settings) -> Self {
        let files = open_files::raise();
        let most = files.saturating_sub(OTHER_FILES).max(1);
        if most < settings.connections.max_connections {
            tracing::warn!(
                files,
                most,
                "fewer connections than max_connections: the limit of open files (ulimit -Hn) is too low"
            );
        }
        let limits = Limits {
            total: settings.connections.max_connections.min(most),
            of_network: settings.connections.max_connections_per_network,
            trusted_proxies: settings.proxies.trusted_proxies.networks().into(),
        };
        let timeouts = Timeouts {
            head: settings.connections.header_timeout,
            idle: settings.connections.keep_alive_timeout,
            write: settings.connections.write_timeout,
        };
        Self::with(limits, timeouts)
    }

    fn with(limits: Limits, timeouts: Timeouts) -> Self {
        Self(Arc::new(Shared {
            limits,
            timeouts,
            open: Mutex::default(),
            shed: Shed::default(),
        }))
    }

    /// A place for a connection from that address.
    fn enter(&self, peer: IpAddr) -> Result<Place, Full> {
        let Limits {
            total,
            of_network,
            trusted_proxies,
        } = &self.0.limits;
        let peer = peer.to_canonical();
        let is_proxy = trusted_proxies
            .iter()
            .any(|proxies| proxies.contains(&peer));
        let counted = |network| (!is_proxy).then_some(network).flatten();
        let networks = [
            counted(Some(Network::of(peer))),
            counted(Network::site_of(peer)),
        ];
        let bounds = [*of_network, of_network.saturating_mul(OF_SITE)];

        let mut open = self.open();
        if open.total >= *total {
            return Err(Full::InAll);
        }
        let is_full = networks.iter().zip(bounds).any(|(network, bound)| {
            let held = network.and_then(|network| open.networks.get(&network));
            held.is_some_and(|held| *held >= bound)
        });
        if is_full {
            return Err(Full::OfNetwork);
        }
        open.total += 1;
        for network in networks.into_iter().flatten() {
            *open.networks.entry(network).or_default() += 1;
        }
        Ok(Place {
            connections: self.clone(),
            networks,
        })
    }

    /// Gives a new connection its place and its time-outs, or turns it away.
    pub async fn admit<S>(
        &self,
        stream: TcpStream,
        service: S,
    ) -> io::Result<(TimedStream<TcpStream>, Marked<S>)> {
        match self.enter(stream.peer_addr()?.ip()) {
            Ok(place) => {
                let phase = Phase::default();
                let stream = TimedStream::new(stream, self.0.timeouts, phase.clone(), place);
                Ok((stream, Marked::new(service, phase)))
            }
            Err(full) => {
                self.0.shed.turn_away(stream, full).await;
                Err(io::ErrorKind::ConnectionRefused.into())
            }
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        open.total -= 1;
        for network in self.networks.into_iter().flatten() {
            decrease(&mut open.networks, &network);
        }
    }
}

fn decrease<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}
