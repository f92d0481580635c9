//! What is known about a setting besides its value.

use super::{Names, Value};

/// One setting, as the reference, the command line and the error messages see it.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The name in the configuration file; variable and flag are spelled from it.
    pub key: &'static str,
    /// One sentence for an operator.
    pub meaning: &'static str,
    /// The default as one would write it; `<data_dir>` stands for the value of that setting, and
    /// `ON_THE_LOOPBACK` for `true` or `false`.
    pub default: &'static str,
    /// Whether a given value is kept out of messages and of the reference.
    pub secret: bool,
    /// Whether the configuration file may give an array.
    pub list: bool,
    /// Whether the configuration file may give a boolean.
    pub boolean: bool,
    noun: &'static str,
    range: Option<(&'static str, &'static str)>,
}

/// The default of what is there only where `base_url` is of the loopback.
pub(super) const ON_THE_LOOPBACK: &str = "<true on the loopback>";

impl Definition {
    /// That of a setting of this type.
    pub const fn new<T: Value>(
        key: &'static str,
        meaning: &'static str,
        default: &'static str,
        range: Option<(&'static str, &'static str)>,
    ) -> Self {
        Self {
            key,
            meaning,
            default,
            secret: T::SECRET,
            list: T::LIST,
            boolean: T::BOOLEAN,
            noun: T::NOUN,
            range,
        }
    }

    /// The name of its variable in a program of that name: `MONBAN_ACCESS_TTL`.
    pub fn variable(&self, names: Names) -> String {
        names.variable(self.key)
    }

    /// The name of its flag, without the dashes in front: `access-ttl`.
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// What may be given, in words: "a duration from 1s to 1h".
    pub fn allowed(&self) -> String {
        match self.range {
            None => self.noun.to_owned(),
            Some((from, to)) => format!("{} from {from} to {to}", self.noun),
        }
    }

    /// What to give instead of a refused value, with an example where the words are not enough.
    pub(super) fn advice(&self) -> String {
        match self.range {
            None => self.allowed(),
            Some(_) => format!("{}, such as {}", self.allowed(), self.default),
        }
    }
}
