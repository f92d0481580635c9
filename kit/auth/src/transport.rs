//! What may go to a database or a Redis in clear: what stays on this machine, and the rest only if
//! the operator says so.

use std::net::IpAddr;

/// An address on another machine, and no TLS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{host} is another machine, and passwords, keys and sessions would go there in clear: {remedy}, or set allow_plaintext where the network protects them"
)]
pub struct PlaintextError {
    host: String,
    remedy: &'static str,
}

/// Refuses an address on another machine.
pub(crate) fn require_this_machine(host: &str, remedy: &'static str) -> Result<(), PlaintextError> {
    if is_this_machine(host) {
        return Ok(());
    }
    let host = host.to_owned();
    Err(PlaintextError { host, remedy })
}

/// Whether what goes there never leaves this machine: a loopback address (RFC 5735 §3, RFC 4291
/// §2.5.3), the name `localhost` (RFC 6761 §6.3), or the folder of a Unix socket.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = |address: IpAddr| address.to_canonical().is_loopback();
    host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || address.parse().is_ok_and(loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_in_clear() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.8.9.10",
            "::1",
            "[::1]",
            "::ffff:127.0.0.1",
            "/var/run/postgresql",
        ] {
            assert!(require_this_machine(host, "").is_ok(), "{host}");
        }
        for host in [
            "db.example",
            "localhost.example",
            "10.0.0.1",
            "169.254.0.1",
            "0.0.0.0",
            "::",
            "fd00::1",
            "127.0.0.1.example",
        ] {
            let refused = require_this_machine(host, "use TLS").unwrap_err();
            let said = refused.to_string();
            assert!(said.contains(host) && said.contains("use TLS"), "{said}");
            assert!(said.contains("allow_plaintext"), "{said}");
        }
    }
}
