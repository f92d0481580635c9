//! What one client may take of the server: connections, time, bytes.

use std::time::Duration;

use super::super::ByteSize;

crate::settings_section! {
    /// Bounds of connections and requests.
    pub struct ConnectionSettings in "Connections and requests" {
        /// Largest request body; a larger one is answered with 413.
        body_limit: ByteSize = "64KiB" in "1KiB"..="16MiB";

        /// How long a request may take before it is abandoned.
        request_timeout: Duration = "30s" in "1s"..="5m";

        /// How long a client may take to send the headers of a request that it has begun, and for
        /// the TLS handshake before the first one.
        header_timeout: Duration = "10s" in "1s"..="5m";

        /// How long a connection may wait for its next request; make it longer than load balancers
        /// reuse one (60 s and more), or now and then a request meets a connection that is just
        /// closing.
        keep_alive_timeout: Duration = "1m 15s" in "1s"..="1h";

        /// How long a client may read nothing of what is sent to it before its connection is
        /// closed.
        write_timeout: Duration = "30s" in "1s"..="10m";

        /// Most connections open at a time, never more than the limit on open files allows (`ulimit
        /// -Hn`); any more are answered with 503.
        max_connections: usize = "4096" in "1"..="1000000";

        /// Most of these from one network, an IPv4 address or an IPv6 /64 (four times as many from
        /// a /48); `trusted_proxies` count only towards the total.
        max_connections_per_network: usize = "512" in "1"..="1000000";
    }
}
