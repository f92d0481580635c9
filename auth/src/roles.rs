//! Roles: what an account may do besides being itself.

use std::{fmt, str::FromStr};

/// The name of a role: 1 to 32 of `a-z`, `0-9`, `_` and `-`, beginning with a letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role(String);

impl Role {
    /// The longest name.
    pub const MAX_CHARS: usize = 32;

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Not the name of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is 1 to 32 of a-z, 0-9, _ and -, beginning with a letter, such as admin")]
pub struct RoleError;

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
        let good = text.len() <= Self::MAX_CHARS
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(known);
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(RoleError)
        }
    }
}

/// The roles of an account: a set, kept as names in order with spaces between.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Roles(String);

impl Roles {
    /// The names, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_ascii_whitespace()
    }

    /// The same set with that role in it.
    #[must_use]
    pub fn with(&self, role: &Role) -> Self {
        let mut names: Vec<_> = self.iter().chain([role.as_str()]).collect();
        names.sort_unstable();
        names.dedup();
        Self(names.join(" "))
    }

    /// The same set without that role.
    #[must_use]
    pub fn without(&self, role: &Role) -> Self {
        let names: Vec<_> = self.iter().filter(|name| *name != role.as_str()).collect();
        Self(names.join(" "))
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_one_spelling() {
        let [admin, editor] = ["admin", "editor"].map(|name| name.parse::<Role>().unwrap());
        let both = Roles::default().with(&editor).with(&admin).with(&editor);
        assert_eq!(both.to_string(), "admin editor");
        assert_eq!(both.without(&admin).to_string(), "editor");
        assert_eq!(both.without(&admin).without(&editor), Roles::default());
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["", "Admin", "a b", "-a", "1a", "é", &"a".repeat(33)] {
            assert_eq!(text.parse::<Role>(), Err(RoleError), "{text}");
        }
        assert!("a".repeat(32).parse::<Role>().is_ok());
    }
}
