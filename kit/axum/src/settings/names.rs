//! What a program's settings are called outside: by its name.

/// The name of a program, and what follows from it: `notes` reads `notes.toml` and the variables
/// `NOTES_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names(&'static str);

impl Names {
    /// Those of the program that is called by this name.
    ///
    /// # Panics
    ///
    /// If it is anything else than lower-case letters of ASCII, digits and dashes, a letter first: what can
    /// be the name of a command, of a file and, with underscores and in upper case, of variables.
    pub const fn of(program: &'static str) -> Self {
        let bytes = program.as_bytes();
        assert!(
            !bytes.is_empty() && bytes[0].is_ascii_lowercase(),
            "the name of a program begins with a lower-case letter"
        );
        let mut at = 0;
        while at < bytes.len() {
            assert!(
                matches!(bytes[at], b'a'..=b'z' | b'0'..=b'9' | b'-'),
                "the name of a program has lower-case letters, digits and dashes"
            );
            at += 1;
        }
        Self(program)
    }

    /// The name of the program: `notes`.
    pub const fn program(self) -> &'static str {
        self.0
    }

    /// The configuration file that is read if it is there: `notes.toml`.
    pub fn file(self) -> String {
        format!("{}.toml", self.0)
    }

    /// What its variables begin with: `NOTES_`.
    pub fn prefix(self) -> String {
        self.variable("")
    }

    /// The variable for that key: `NOTES_ACCESS_TTL` for `access_ttl`.
    pub fn variable(self, key: &str) -> String {
        let program = self.0.replace('-', "_");
        format!("{program}_{key}").to_ascii_uppercase()
    }

    /// The variable that names the configuration file.
    pub(super) fn config_variable(self) -> String {
        self.variable("config")
    }

    /// The variable by which tests of the browser are told which program to run. It is no setting.
    pub(super) fn binary_variable(self) -> String {
        self.variable("bin")
    }
}

/// Monban's own.
impl Default for Names {
    fn default() -> Self {
        Self::of("monban")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_called_by_the_program() {
        let names = Names::of("my-notes2");
        assert_eq!(names.file(), "my-notes2.toml");
        assert_eq!(names.prefix(), "MY_NOTES2_");
        assert_eq!(names.variable("access_ttl"), "MY_NOTES2_ACCESS_TTL");
        assert_eq!(Names::default().variable("log"), "MONBAN_LOG");
    }

    #[test]
    fn what_cannot_be_the_name_of_variables_is_refused() {
        for name in [
            "",
            "Notes",
            "2notes",
            "-notes",
            "no_tes",
            "no tes",
            "ノート",
        ] {
            assert!(
                std::panic::catch_unwind(|| Names::of(name)).is_err(),
                "{name}"
            );
        }
    }
}
