//! Which passwords are taken, and what hashing them costs.

use std::time::Duration;

use monban_auth::{HashingCost, PasswordPolicy};

use super::super::{Settings, Together};

crate::settings_section! {
    /// Which passwords are taken, and what hashing them costs.
    pub struct PasswordSettings in "Passwords" {
        /// Minimum length of a password, in characters (NIST SP 800-63B-4 §3.1.1.2 asks for 15).
        password_min: usize = "15" in "8"..="128";

        /// Memory for one password hash, in KiB, at least 8 for each lane (`m`, RFC 9106 §3.1).
        argon2_memory: u32 = "19456" in "8"..="4194304";

        /// Passes over the memory for one password hash (`t`, RFC 9106 §3.1).
        argon2_iterations: u32 = "2" in "1"..="100";

        /// Lanes for one password hash (`p`, RFC 9106 §3.1).
        argon2_parallelism: u32 = "1" in "1"..="16";

        /// How long a sign-in waits for its turn to hash before it is answered with 503.
        hash_wait: Duration = "5s" in "100ms"..="60s";
    }
    together: together;
}

impl From<&PasswordSettings> for PasswordPolicy {
    fn from(settings: &PasswordSettings) -> Self {
        Self {
            min_chars: settings.password_min,
        }
    }
}

impl From<&PasswordSettings> for HashingCost {
    fn from(settings: &PasswordSettings) -> Self {
        Self {
            memory_kib: settings.argon2_memory,
            iterations: settings.argon2_iterations,
            parallelism: settings.argon2_parallelism,
            wait: settings.hash_wait,
        }
    }
}

fn together(password: &PasswordSettings, _: &Settings) -> Vec<Together> {
    vec![Together {
        key: "argon2_memory",
        rule: "be at least 8 times",
        other: "argon2_parallelism",
        // RFC 9106 §3.1: m is at least 8p.
        kept: password.argon2_memory >= 8 * password.argon2_parallelism,
    }]
}
