//! Versions of an account: what tells before from after, without a clock.
//!
//! A time that is taken before a write does not say when the write was done: it may have waited, and
//! what was read meanwhile looks younger than it is. A number that the write itself raises does.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! version {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(i64);

        impl $name {
            /// What an account starts with.
            pub const FIRST: Self = Self(1);

            /// The one after this.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

version! {
    /// Raised with every change that concerns the whole account: its roles, its status. Access tokens
    /// carry it, and one below the account's is stale.
    AccountVersion
}

version! {
    /// Raised when what a sign-in is checked against is void: the account's status changed, or its
    /// password. A session starts only if it is still the one that was checked.
    CredentialVersion
}
