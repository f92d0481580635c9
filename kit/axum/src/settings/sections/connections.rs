//! What one client may take of the server: connections, time, bytes.

use std::time::Duration;

use super::super::ByteSize;

crate::settings_section! {
    /// Bounds of connections and requests.
    pub struct ConnectionSettings in "Connections and requests" {
        /// Largest request body; a larger one is answered 413.
        body_limit: ByteSize = "64KiB" in "1KiB"..="16MiB";

        /// How long a request may take before it is given up.
        request_timeout: Duration = "30s" in "1s"..="5m";

        /// How long a client may take to send the headers of a request that it has begun, and for the TLS
        /// handshake before the first one.
        header_timeout: Duration = "10s" in "1s"..="5m";

        /// How long a connection may wait for its next request; longer than load balancers reuse one
        /// (60 s and more), or now and then a request meets the close.
        keep_alive_timeout: Duration = "1m 15s" in "1s"..="1h";

        /// How long a client may take none of what is sent to it before its connection is closed.
        write_timeout: Duration = "30s" in "1s"..="10m";

        /// Connections open at a time, never more than the limit of open files allows (`ulimit -Hn`); one
        /// more is answered 503.
        max_connections: usize = "4096" in "1"..="1000000";

        /// Of these from one network, an IPv4 address or an IPv6 /64 (four times as many from a /48);
        /// `trusted_proxies` count in all only.
        max_connections_per_network: usize = "512" in "1"..="1000000";
    }
}
