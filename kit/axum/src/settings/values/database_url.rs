//! Where the accounts are kept.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::Value;

/// The address of the database. It may hold a password, so it is printed as `[redacted]`.
#[derive(Clone)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    /// Whether it is a file of this machine.
    pub fn is_sqlite(&self) -> bool {
        self.expose().starts_with("sqlite:")
    }

    /// The address, for the one place that opens the database.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// A directory as it stands in an address. sqlx decodes percent signs and ends the path at a
    /// question mark, so a directory's own are encoded.
    pub(in crate::settings) fn encode_directory(directory: &str) -> String {
        directory
            .trim_end_matches('/')
            .replace('%', "%25")
            .replace('?', "%3F")
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Value for DatabaseUrl {
    const NOUN: &'static str = "sqlite://data/monban.db, or postgres://user:password@host/database";
    const SECRET: bool = true;

    fn read(text: &str) -> Option<Self> {
        let is_postgres = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.starts_with(scheme));
        if is_postgres {
            return url::Url::parse(text).ok().map(|_| Self(text.into()));
        }
        let address = text.strip_prefix("sqlite:")?;
        let path = address.strip_prefix("//").unwrap_or(address);
        let named = !path.is_empty() && !path.starts_with('?') && !path.contains('\0');
        named.then(|| Self(text.into()))
    }

    fn show(&self) -> String {
        self.expose().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_an_engine_that_is_there_are_taken() {
        for text in [
            "sqlite://data/monban.db",
            "sqlite:monban.db?mode=rwc",
            "sqlite::memory:",
            "postgres://monban:secret@db.example/monban?sslmode=require",
        ] {
            assert_eq!(DatabaseUrl::read(text).unwrap().expose(), text);
        }
        for text in [
            "",
            "sqlite:",
            "sqlite://",
            "sqlite://?mode=rwc",
            "monban.db",
            "mysql://h/m",
            "postgres:h/m",
        ] {
            assert!(DatabaseUrl::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_directory_stays_itself_inside_an_address() {
        for (directory, encoded) in [
            ("data", "data"),
            ("/var/lib/monban/", "/var/lib/monban"),
            ("100%?", "100%25%3F"),
        ] {
            assert_eq!(DatabaseUrl::encode_directory(directory), encoded);
        }
    }

    #[test]
    fn an_address_is_not_in_its_debug_text() {
        let url = DatabaseUrl::read("sqlite://data/hunter2.db").unwrap();
        assert_eq!(format!("{url:?}"), "[redacted]");
    }
}
