//! The keys that sign tokens, and the master key that seals them.

use std::{path::PathBuf, time::Duration};

use monban_auth::{Algorithm, KeyRules};
use secrecy::{ExposeSecret, SecretString};

use super::super::{OptionalText, Value};

crate::settings_section! {
    /// The master key, and the life of signing keys.
    pub struct KeySettings in "Keys" {
        /// File with the master key that seals the signing keys at rest: 32 bytes in base64 on a
        /// line, followed by any older ones that are still needed to open keys; created on the
        /// first start on SQLite.
        master_key_file: PathBuf = "<data_dir>/master.key";

        /// The master key itself, instead of the file.
        master_key: MasterKeyText = "";

        /// Command that prints the master key, instead of both: that of any secret manager.
        master_key_command: OptionalText = "";

        /// Algorithm of new signing keys (RFC 7518 §3.1, RFC 8037 §3.1); after a change, the next
        /// start rotates to a key of the new one.
        key_algorithm: Algorithm = "EdDSA";

        /// How long a signing key signs before the next one takes over.
        key_rotation: Duration = "30d" in "1m"..="3650d";

        /// How long others may keep a copy of the JWKS, and so how long a key is published before it
        /// signs.
        jwks_max_age: Duration = "5m" in "1s"..="24h";
    }
}

impl From<&KeySettings> for KeyRules {
    fn from(settings: &KeySettings) -> Self {
        Self {
            algorithm: settings.key_algorithm,
            rotation: settings.key_rotation,
            jwks_max_age: settings.jwks_max_age,
        }
    }
}

/// A master key that is given in the settings, or nothing. Never printed.
#[derive(Debug, Clone)]
pub struct MasterKeyText(SecretString);

impl MasterKeyText {
    /// The key, if there is one, for the one place that needs it.
    pub fn expose(&self) -> Option<&str> {
        let key = self.0.expose_secret();
        (!key.is_empty()).then_some(key)
    }
}

impl Value for MasterKeyText {
    const NOUN: &'static str = "32 bytes in base64, or nothing";
    const SECRET: bool = true;

    fn read(text: &str) -> Option<Self> {
        Some(Self(text.into()))
    }

    fn show(&self) -> String {
        self.0.expose_secret().to_owned()
    }
}

impl Value for Algorithm {
    const NOUN: &'static str = "EdDSA, ES256, RS256 or HS256";

    fn read(text: &str) -> Option<Self> {
        Self::from_name(text)
    }

    fn show(&self) -> String {
        self.name().to_owned()
    }
}
