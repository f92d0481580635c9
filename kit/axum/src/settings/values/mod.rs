//! How a value is written: one reading and one spelling for each type of setting.

mod base_url;
mod cookie_name;
mod database_url;
mod optional_path;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use secrecy::{ExposeSecret, SecretString};

pub use self::{
    base_url::BaseUrl, cookie_name::CookieName, database_url::DatabaseUrl,
    optional_path::OptionalPath,
};

/// A type that a setting can have.
pub trait Value: Sized {
    /// What one gives, in words that follow "give".
    const NOUN: &'static str;
    /// Whether a given value may never be printed.
    const SECRET: bool = false;
    /// Whether the value is a list, written with commas.
    const LIST: bool = false;
    /// Whether the value is a yes or a no.
    const BOOLEAN: bool = false;

    /// The value that a text means.
    fn read(text: &str) -> Option<Self>;

    /// The shortest text that means the value.
    fn show(&self) -> String;

    /// The value that a text means, if it lies in a range that is itself written as text.
    fn read_within(text: &str, from: &str, to: &str) -> Option<Self>
    where
        Self: PartialOrd,
    {
        let range = Self::read(from)?..=Self::read(to)?;
        Self::read(text).filter(|value| range.contains(value))
    }
}

/// A number of bytes, written `65536`, `64KiB` or `1MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(usize);

impl ByteSize {
    /// The number of bytes.
    pub fn bytes(self) -> usize {
        self.0
    }
}

/// A text that may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionalText(Option<String>);

impl OptionalText {
    /// The text, if there is one.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

/// A secret that may be left out. Never printed.
#[derive(Debug, Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The secret, if there is one, for the one place that needs it.
    pub fn expose(&self) -> Option<&str> {
        let secret = self.0.expose_secret();
        (!secret.is_empty()).then_some(secret)
    }
}

impl Value for OptionalText {
    const NOUN: &'static str = "text, or nothing";

    fn read(text: &str) -> Option<Self> {
        Some(Self((!text.is_empty()).then(|| text.to_owned())))
    }

    fn show(&self) -> String {
        self.0.clone().unwrap_or_default()
    }
}

impl Value for Secret {
    const NOUN: &'static str = "a text, or nothing";
    const SECRET: bool = true;

    fn read(text: &str) -> Option<Self> {
        Some(Self(text.into()))
    }

    fn show(&self) -> String {
        self.0.expose_secret().to_owned()
    }
}

impl Value for Duration {
    const NOUN: &'static str = "a duration";

    fn read(text: &str) -> Option<Self> {
        humantime::parse_duration(text).ok()
    }

    /// Not humantime's own spelling, which counts in average months: 90 days would be
    /// "2months 29days 2h 52m 48s".
    fn show(&self) -> String {
        const UNITS: [(&str, u128); 7] = [
            ("d", 86_400_000_000_000),
            ("h", 3_600_000_000_000),
            ("m", 60_000_000_000),
            ("s", 1_000_000_000),
            ("ms", 1_000_000),
            ("us", 1_000),
            ("ns", 1),
        ];
        let mut rest = self.as_nanos();
        let mut parts = Vec::new();
        for (unit, nanos) in UNITS {
            if rest >= nanos {
                parts.push(format!("{}{unit}", rest / nanos));
                rest %= nanos;
            }
        }
        if parts.is_empty() {
            "0s".to_owned()
        } else {
            parts.join(" ")
        }
    }
}

impl Value for ByteSize {
    const NOUN: &'static str = "a size in bytes, KiB or MiB";

    fn read(text: &str) -> Option<Self> {
        let (digits, factor) = if let Some(digits) = text.strip_suffix("KiB") {
            (digits, 1 << 10)
        } else if let Some(digits) = text.strip_suffix("MiB") {
            (digits, 1 << 20)
        } else {
            (text, 1)
        };
        let number: usize = digits.trim_end().parse().ok()?;
        number.checked_mul(factor).map(Self)
    }

    fn show(&self) -> String {
        match self.0 {
            bytes if bytes > 0 && bytes.is_multiple_of(1 << 20) => format!("{}MiB", bytes >> 20),
            bytes if bytes > 0 && bytes.is_multiple_of(1 << 10) => format!("{}KiB", bytes >> 10),
            bytes => bytes.to_string(),
        }
    }
}

impl Value for u32 {
    const NOUN: &'static str = "a whole number";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for usize {
    const NOUN: &'static str = "a whole number";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for SocketAddr {
    const NOUN: &'static str = "an IP address and a port, such as 127.0.0.1:3000 or [::]:3000";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for PathBuf {
    const NOUN: &'static str = "a path that is not empty";

    fn read(text: &str) -> Option<Self> {
        (!text.is_empty() && !text.contains('\0')).then(|| text.into())
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

impl Value for bool {
    const NOUN: &'static str = "`true` or `false`";
    const BOOLEAN: bool = true;

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}
