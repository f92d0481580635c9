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

/// Why an account gets no other role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an account has at most {} roles, and their names at most {} bytes together: take one away first",
    Roles::MAX,
    Roles::MAX_BYTES
)]
pub struct TooManyRoles;

/// The roles of an account: a set, kept as names in order with spaces between. Its access tokens
/// carry all of them, and browsers drop a cookie of more than 4,096 bytes, so there are only so many.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Roles(String);

impl Roles {
    /// The most roles of an account.
    pub const MAX: usize = 16;
    /// The most bytes of their names, with the spaces between.
    pub const MAX_BYTES: usize = 512;

    /// The names, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_ascii_whitespace()
    }

    /// The same set with that role in it, if there is room.
    pub fn with(&self, role: &Role) -> Result<Self, TooManyRoles> {
        let mut names: Vec<_> = self.iter().chain([role.as_str()]).collect();
        names.sort_unstable();
        names.dedup();
        let more = Self(names.join(" "));
        if more != *self && (names.len() > Self::MAX || more.0.len() > Self::MAX_BYTES) {
            return Err(TooManyRoles);
        }
        Ok(more)
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
        let both = [&editor, &admin, &editor]
            .into_iter()
            .fold(Roles::default(), |roles, role| roles.with(role).unwrap());
        assert_eq!(both.to_string(), "admin editor");
        assert_eq!(both.without(&admin).to_string(), "editor");
        assert_eq!(both.without(&admin).without(&editor), Roles::default());
    }

    #[test]
    fn there_is_room_for_sixteen_roles_or_512_bytes_and_none_is_lost_to_the_limit() {
        let role = |name: String| name.parse::<Role>().unwrap();
        let grant_many = |names: Vec<String>| {
            let mut roles = Roles::default();
            for name in &names {
                match roles.with(&role(name.clone())) {
                    Ok(more) => roles = more,
                    Err(TooManyRoles) => break,
                }
            }
            roles
        };
        let short = grant_many((0..20).map(|n| format!("role_{n:02}")).collect());
        assert_eq!(short.iter().count(), 16);
        assert_eq!(short.with(&role("role_03".into())), Ok(short.clone()));
        assert_eq!(short.with(&role("another".into())), Err(TooManyRoles));
        let fewer = short.without(&role("role_03".into()));
        assert!(fewer.with(&role("another".into())).is_ok());

        let long = grant_many(
            (0..20)
                .map(|n| format!("{}{n:02}", "a".repeat(30)))
                .collect(),
        );
        assert_eq!(long.iter().count(), 15);
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["", "Admin", "a b", "-a", "1a", "é", &"a".repeat(33)] {
            assert_eq!(text.parse::<Role>(), Err(RoleError), "{text}");
        }
        assert!("a".repeat(32).parse::<Role>().is_ok());
    }
}
