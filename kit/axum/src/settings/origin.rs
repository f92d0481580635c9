//! Where a value came from.

use std::fmt;

use super::{Definition, Names};

/// The source of a value, in the order in which they override each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// No source gave a value.
    Default,
    /// The configuration file at this path.
    File(String),
    /// A variable of the environment.
    Environment,
    /// A flag of the command.
    Flag,
}

impl Origin {
    /// How this source spells the name of a setting.
    pub(super) fn spell(&self, definition: &Definition, names: Names) -> String {
        match self {
            Self::Default | Self::File(_) => definition.key.to_owned(),
            Self::Environment => definition.variable(names),
            Self::Flag => format!("--{}", definition.flag()),
        }
    }

    /// The name of a setting in this source, with the source where the name does not tell.
    pub(super) fn locate(&self, definition: &Definition, names: Names) -> String {
        let name = self.spell(definition, names);
        match self {
            Self::File(path) => format!("{path}: {name}"),
            Self::Default | Self::Environment | Self::Flag => name,
        }
    }

    /// The words for a name that this source should not have.
    pub(super) fn unknown(&self) -> String {
        match self {
            Self::Default => "unknown setting".to_owned(),
            Self::File(path) => format!("{path}: unknown key"),
            Self::Environment => "unknown variable".to_owned(),
            Self::Flag => "unknown flag".to_owned(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::File(path) => path,
            Self::Environment => "environment",
            Self::Flag => "flag",
        })
    }
}
