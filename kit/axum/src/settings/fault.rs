//! What can be wrong with the settings, told to an operator.

/// Everything that is wrong with the settings, so that one start finds it all.
#[derive(Debug, thiserror::Error)]
#[error("{}", lines(.faults))]
pub struct SettingsError {
    /// The faults, never none.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong. None of them carries the value of a secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A name that is no setting.
    #[error("{place} {name:?}; {}", hint(.nearest.as_deref(), .known))]
    Unknown {
        /// Where it stands: "monban.toml: unknown key".
        place: String,
        /// The name found.
        name: String,
        /// The name that was probably meant.
        nearest: Option<String>,
        /// Every name there is, as this source spells them.
        known: Vec<String>,
    },
    /// A value outside of what is allowed.
    #[error("{name}: {value} is not allowed; give {advice}")]
    Value {
        /// The setting, as its source spells it.
        name: String,
        /// The value in quotes, or words in its place.
        value: String,
        /// What to give instead.
        advice: String,
    },
    /// Two values that are each allowed, but not together.
    #[error("{key} must {rule} {other}, but {key} is {value} and {other} is {other_value}")]
    Together {
        /// The setting that the rule is about.
        key: &'static str,
        /// What it must be.
        rule: &'static str,
        /// The setting it is measured by.
        other: &'static str,
        /// The value of `key` and its source: "2s (environment)".
        value: String,
        /// The value of `other` and its source.
        other_value: String,
    },
    /// A variable that is not text.
    #[error("{0}: the value is not valid UTF-8")]
    NotText(
        /// The variable.
        String,
    ),
    /// A configuration file that cannot be read.
    #[error("{path}: cannot be read ({reason})")]
    Unreadable {
        /// The file.
        path: String,
        /// The reason.
        reason: String,
    },
    /// A configuration file that is not TOML. The line itself is not shown: it may hold a secret.
    #[error("{path}, line {line}: {reason}")]
    Syntax {
        /// The file.
        path: String,
        /// Where it stops being TOML, from 1.
        line: usize,
        /// The reason.
        reason: String,
    },
}

fn lines(faults: &[Fault]) -> String {
    let lines: Vec<_> = faults.iter().map(Fault::to_string).collect();
    lines.join("\n")
}

fn hint(nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(name) => format!("did you mean {name:?}?"),
        None => format!("known names are {}", known.join(", ")),
    }
}
