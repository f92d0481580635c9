//! The variables that Kubernetes puts into every pod for the Services of its namespace.
//!
//! A Service called `monban`, the obvious name, gives each pod `MONBAN_SERVICE_HOST`, `MONBAN_PORT`
//! and their like; one called `monban-db` gives `MONBAN_DB_SERVICE_HOST`. The kubelet writes them
//! for compatibility with Docker's links
//! (<https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>).
//! They speak about a network and not to Monban, nor to another program that is called like a Service:
//!
//! | name, behind `MONBAN_` or `MONBAN_<service>_` | value |
//! |---|---|
//! | `SERVICE_HOST` | an address |
//! | `SERVICE_PORT`, `SERVICE_PORT_<name of a port>` | a number |
//! | `PORT` | `tcp://10.0.0.11:3000` |
//! | `PORT_<number>_TCP` (or `UDP`, `SCTP`) | the same |
//! | `PORT_<number>_TCP_ADDR`, `_PORT`, `_PROTO` | one part of it |
//!
//! `MONBAN_PORT=8080` is none of them: a setting was meant.

/// Whether Kubernetes wrote this variable, whose name is given without the program's in front.
pub(super) fn is_service_link(name: &str, value: &str) -> bool {
    name.char_indices()
        .filter(|(at, _)| *at == 0 || name[..*at].ends_with('_'))
        .any(|(at, _)| is_part_of_link(&name[at..], value))
}

/// The same, behind the name of the service.
fn is_part_of_link(name: &str, value: &str) -> bool {
    match name {
        "SERVICE_HOST" | "SERVICE_PORT" => true,
        "PORT" => PROTOCOLS.iter().any(|protocol| {
            let rest = value.strip_prefix(&protocol.to_ascii_lowercase());
            rest.is_some_and(|rest| rest.starts_with("://"))
        }),
        _ => {
            name.strip_prefix("SERVICE_PORT_")
                .is_some_and(|port| !port.is_empty())
                || name.strip_prefix("PORT_").is_some_and(is_numbered_port)
        }
    }
}

const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

/// `3000_TCP`, `3000_TCP_ADDR`.
fn is_numbered_port(text: &str) -> bool {
    let mut words = text.split('_');
    words.next().is_some_and(|port| port.parse::<u16>().is_ok())
        && words.next().is_some_and(|word| PROTOCOLS.contains(&word))
        && matches!(words.next(), None | Some("ADDR" | "PORT" | "PROTO"))
        && words.next().is_none()
}
