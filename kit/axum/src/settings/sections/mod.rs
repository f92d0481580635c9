//! The kit's settings: a section for each capability.
//!
//! A section is its struct with the settings' definitions, the types that only it needs, and beside
//! them what the capability's rules are made of it. A new one is a file of its own here, and a line in
//! the list.

mod connections;
mod database;
mod keys;
mod log;
mod password;
mod proxies;
mod rest;
mod server;
mod sessions;
mod sign_in;
mod sign_up;
mod tls;

use monban_auth::Rules;

use super::{Layers, Outline, Section, Together};

pub use self::{
    database::RedisUrl,
    keys::MasterKeyText,
    log::{LogFilter, LogFormat},
    proxies::{ProxyHeader, TrustedProxies, unnamed_proxy},
    rest::CorsOrigin,
    server::{Contact, other_port},
    sign_up::SignUp,
};

/// Writes [`Settings`] from the list of its sections.
macro_rules! settings {
    ($($name:ident: $module:ident::$section:ident, $meaning:literal;)+) => {
        $(pub use self::$module::$section;)+

        /// The values that the kit runs with, checked and typed, by section.
        #[derive(Debug, Clone)]
        pub struct Settings {
            $(#[doc = $meaning] pub $name: $section,)+
        }

        impl Section for Settings {
            fn outline() -> Vec<Outline> {
                [$($section::outline()),+].concat()
            }

            fn read(layers: &mut Layers) -> Option<Self> {
                $(let $name = $section::read(layers);)+
                Some(Self { $($name: $name?),+ })
            }

            fn rules(&self, kit: &Self) -> Vec<Together> {
                [$(self.$name.rules(kit)),+].concat()
            }
        }
    };
}

settings! {
    server: server::ServerSettings, "The server's addresses, its data, its end.";
    proxies: proxies::ProxySettings, "Proxies in front of it.";
    tls: tls::TlsSettings, "TLS of its own.";
    connections: connections::ConnectionSettings, "Bounds of connections and requests.";
    database: database::DatabaseSettings, "The database, and a Redis beside it.";
    keys: keys::KeySettings, "The master key and the signing keys.";
    sessions: sessions::SessionSettings, "The lives of tokens and sessions.";
    password: password::PasswordSettings, "Passwords and what hashing them costs.";
    sign_in: sign_in::SignInSettings, "Limits of failed sign-ins.";
    sign_up: sign_up::SignUpSettings, "Who may make an account.";
    rest: rest::RestSettings, "The REST API.";
    log: log::LogSettings, "The log.";
}

impl From<&Settings> for Rules {
    fn from(settings: &Settings) -> Self {
        let Settings {
            keys,
            sessions,
            password,
            sign_in,
            sign_up,
            ..
        } = settings;
        Self {
            lifetimes: sessions.into(),
            grace: sessions.into(),
            unseen_cap_bearer: sessions.refresh_unseen_cap_bearer,
            password: password.into(),
            hashing: password.into(),
            attempts: sign_in.into(),
            sign_up: sign_up.into(),
            keys: keys.into(),
            staleness: sessions.revocation_staleness,
            retention: sessions.retention,
        }
    }
}
