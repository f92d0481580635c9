//! What the outside says: the only part of the settings that touches files and the environment.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    io::{self, ErrorKind},
};

use clap::ArgMatches;

use super::{Fault, Names, Section, SettingsError, config_flag, from_matches};

/// Everything that may speak about settings.
#[derive(Default, Clone)]
pub struct Sources {
    /// Whose settings they are.
    pub names: Names,
    /// The configuration file, if there is one.
    pub file: Option<ConfigFile>,
    /// The variables that begin with the program's name, such as `MONBAN_*`.
    pub environment: BTreeMap<String, String>,
    /// The flags, by key.
    pub flags: BTreeMap<&'static str, String>,
}

/// A configuration file that has been read.
#[derive(Clone)]
pub struct ConfigFile {
    /// Its path, as messages name it.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Sources {
    /// Those of a program of that name, which say nothing yet.
    pub fn of(names: Names) -> Self {
        Self {
            names,
            ..Self::default()
        }
    }

    /// The same, with this variable as well.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Reads the flags, the variables (`std::env::vars_os()`), and the configuration file: the one
    /// that `--config` or `MONBAN_CONFIG` names, which must exist, else `monban.toml` if there is
    /// one in the working directory; for another program, those of its own name.
    pub(crate) fn gather<S: Section>(
        names: Names,
        matches: &ArgMatches,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, SettingsError> {
        let mut sources = Self {
            flags: from_matches::<S>(matches),
            ..Self::of(names)
        };
        let (mut faults, prefix) = (Vec::new(), names.prefix());
        for (name, value) in environment {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with(&prefix) {
                match value.into_string() {
                    Ok(value) => drop(sources.environment.insert(name, value)),
                    Err(_) => faults.push(Fault::NotText(name)),
                }
            }
        }
        let variable = names.config_variable();
        let path = config_flag(matches).or_else(|| sources.environment.get(&variable).cloned());
        match ConfigFile::find(path, &names.file()) {
            Ok(file) => sources.file = file,
            Err(fault) => faults.push(fault),
        }
        if faults.is_empty() {
            Ok(sources)
        } else {
            Err(SettingsError { faults })
        }
    }
}

impl ConfigFile {
    /// The file that was named, or the usual one if it is there.
    fn find(named: Option<String>, usual: &str) -> Result<Option<Self>, Fault> {
        let optional = named.is_none();
        let path = named.unwrap_or_else(|| usual.to_owned());
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Self { path, text })),
            Err(error) if optional && error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::Unreadable {
                path,
                reason: reason(&error),
            }),
        }
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::InvalidData => "it is not valid UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    use clap::Command;

    use super::{super::flags, *};

    fn gather(args: &[&str], environment: &[(&str, &[u8])]) -> Result<Sources, String> {
        let matches = Command::new("monban")
            .args(flags::<()>(Names::default()))
            .no_binary_name(true)
            .get_matches_from(args);
        let environment = environment
            .iter()
            .map(|(name, value)| (OsString::from(*name), OsStr::from_bytes(value).to_owned()));
        Sources::gather::<()>(Names::default(), &matches, environment)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_usual_file_is_read_if_it_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let usual = dir.path().join("monban.toml").display().to_string();
        assert!(ConfigFile::find(None, &usual).unwrap().is_none());
        fs::write(&usual, "log = 'warn'").unwrap();
        assert_eq!(
            ConfigFile::find(None, &usual).unwrap().unwrap().text,
            "log = 'warn'"
        );
    }

    #[test]
    fn the_flag_for_the_file_goes_before_the_variable() {
        let dir = tempfile::tempdir().unwrap();
        let flagged = dir.path().join("flag.toml").display().to_string();
        let variable = dir.path().join("variable.toml").display().to_string();
        fs::write(&flagged, "listen = 'flag'").unwrap();
        fs::write(&variable, "listen = 'variable'").unwrap();
        let environment: [(&str, &[u8]); 1] = [("MONBAN_CONFIG", variable.as_bytes())];

        let file = gather(&["--config", &flagged], &environment)
            .unwrap()
            .file
            .unwrap();
        assert_eq!(
            (file.path, file.text),
            (flagged, "listen = 'flag'".to_owned())
        );
        let file = gather(&[], &environment).unwrap().file.unwrap();
        assert_eq!(
            (file.path, file.text),
            (variable, "listen = 'variable'".to_owned())
        );
    }

    #[test]
    fn a_file_that_is_named_must_exist() {
        assert_eq!(
            gather(&["--config", "/nowhere/monban.toml"], &[])
                .err()
                .unwrap(),
            "/nowhere/monban.toml: cannot be read (No such file or directory (os error 2))"
        );
    }

    #[test]
    fn a_file_that_is_not_text_is_said_to_be_so() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("monban.toml").display().to_string();
        fs::write(&path, b"\xff").unwrap();
        assert_eq!(
            gather(&["--config", &path], &[]).err().unwrap(),
            format!("{path}: cannot be read (it is not valid UTF-8)")
        );
    }

    #[test]
    fn variables_of_others_are_left_where_they_are() {
        let environment: [(&str, &[u8]); 3] = [
            ("PATH", b"\xff"),
            ("MONBAN_LOG", b"warn"),
            ("MY_MONBAN_LOG", b"info"),
        ];
        let sources = gather(&[], &environment).unwrap();
        assert_eq!(
            sources.environment,
            BTreeMap::from([("MONBAN_LOG".into(), "warn".into())])
        );
    }

    #[test]
    fn a_program_of_another_name_has_variables_and_a_file_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notes.toml").display().to_string();
        fs::write(&path, "log = 'warn'").unwrap();
        let matches = Command::new("notes").args(flags::<()>(Names::of("notes")));
        let matches = matches.get_matches_from(["notes"]);
        let environment = [
            ("NOTES_CONFIG", &*path),
            ("NOTES_LOG", "info"),
            ("MONBAN_LOG", "off"),
        ];
        let environment = environment.map(|(name, value)| (name.into(), value.into()));
        let sources = Sources::gather::<()>(Names::of("notes"), &matches, environment).unwrap();
        assert_eq!(sources.file.unwrap().path, path);
        let names: Vec<_> = sources.environment.into_keys().collect();
        assert_eq!(names, ["NOTES_CONFIG", "NOTES_LOG"]);
    }

    #[test]
    fn a_variable_that_is_not_text_is_named_and_its_value_is_not_shown() {
        assert_eq!(
            gather(&[], &[("MONBAN_DATABASE_URL", b"sqlite:hunter2\xff")])
                .err()
                .unwrap(),
            "MONBAN_DATABASE_URL: the value is not valid UTF-8"
        );
    }
}
