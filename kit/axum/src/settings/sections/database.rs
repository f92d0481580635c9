//! Where accounts are kept, and what nodes tell one another by.

use monban_auth::StoreOptions;
use secrecy::{ExposeSecret, SecretString};

use super::super::{DatabaseUrl, Value};

crate::settings_section! {
    /// The database, and a Redis beside it.
    pub struct DatabaseSettings in "Database" {
        /// Database of the accounts; as its URL may contain a password, prefer the file or the
        /// variable to the flag, which other users of the machine can read.
        database_url: DatabaseUrl = "sqlite://<data_dir>/monban.db";

        /// Redis server that notifies the nodes in place of PostgreSQL's `LISTEN` and counts
        /// sign-ups and failed sign-ins for all of them, such as `rediss://cache.example`; it holds
        /// nothing that must not be lost.
        redis_url: RedisUrl = "";

        /// Whether PostgreSQL and Redis on other machines may be reached without TLS, for networks
        /// that themselves protect what is sent: passwords, sealed keys, sessions.
        allow_plaintext: bool = "false";
    }
}

impl From<&DatabaseSettings> for StoreOptions {
    fn from(settings: &DatabaseSettings) -> Self {
        Self {
            allow_plaintext: settings.allow_plaintext,
            ..Self::default()
        }
    }
}

/// The address of a Redis, or nothing. It may hold a password, so it is never printed.
#[derive(Debug, Clone)]
pub struct RedisUrl(SecretString);

impl RedisUrl {
    /// The address, if there is one, for the one place that connects to it.
    pub fn expose(&self) -> Option<&str> {
        let url = self.0.expose_secret();
        (!url.is_empty()).then_some(url)
    }
}

impl Value for RedisUrl {
    const NOUN: &'static str = "rediss://user:password@host, or nothing";
    const SECRET: bool = true;

    fn read(text: &str) -> Option<Self> {
        let url = || url::Url::parse(text).ok();
        let good = text.is_empty()
            || url()
                .is_some_and(|url| matches!(url.scheme(), "redis" | "rediss") && url.has_host());
        good.then(|| Self(text.into()))
    }

    fn show(&self) -> String {
        self.0.expose_secret().to_owned()
    }
}
