//! The program: its name, and what its command line does.

use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::{Done, keys, migrate, once, print, users};
use crate::{
    serve,
    settings::{self, Loaded, Names, Section, Settings, Sources},
};

/// A program that has its accounts from Monban, as its command line names it. The default is `monban`;
/// [`new`](Self::new) gives an app's own name to the command, to its configuration file and to its
/// variables.
///
/// ```no_run
/// use monban_axum::{Accounts, cli::Program};
///
/// // Reads `notes.toml` and `NOTES_*`.
/// const NOTES: Program = Program::new("notes")
///     .version(env!("CARGO_PKG_VERSION"))
///     .about("Keeps notes for its members.");
///
/// fn main() -> std::process::ExitCode {
///     NOTES.main(async |settings| {
///         let accounts = Accounts::open(settings).await?;
///         let pages = axum::Router::new();
///         Ok(accounts.serve(pages).await?)
///     })
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Program {
    names: Names,
    version: &'static str,
    about: &'static str,
}

impl Program {
    /// A program of that name, such as `notes`. Its settings come from `notes.toml` and from `NOTES_*`
    /// variables; every variable that begins so is taken for a setting.
    ///
    /// # Panics
    ///
    /// If it is anything else than lower-case letters of ASCII, digits and dashes, a letter first.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            names: Names::of(name),
            version: "",
            about: "",
        }
    }

    /// The version that `--version` tells.
    #[must_use]
    pub const fn version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    /// What `--help` says first: a sentence on what the program is.
    #[must_use]
    pub const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    /// Reads the command line and does what it says: see [`cli::main`](super::main).
    pub fn main(self, server: impl AsyncFnOnce(Settings) -> Done) -> ExitCode {
        self.main_with(async |settings, ()| server(settings).await)
    }

    /// The same with settings of the app's own: see [`cli::main_with`](super::main_with).
    pub fn main_with<S: Section>(self, server: impl AsyncFnOnce(Settings, S) -> Done) -> ExitCode {
        let matches = self.command::<S>().get_matches();
        match self.run(&matches, server) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{}: {error}", self.names.program());
                ExitCode::FAILURE
            }
        }
    }

    fn run<S: Section>(
        self,
        matches: &ArgMatches,
        server: impl AsyncFnOnce(Settings, S) -> Done,
    ) -> Done {
        let load = || {
            let sources = Sources::gather::<S>(self.names, matches, std::env::vars_os())?;
            settings::load_with::<S>(&sources)
        };
        match matches.subcommand() {
            Some(("settings", sub)) if sub.get_flag("markdown") => {
                print(&settings::markdown::<S>(self.names));
                Ok(())
            }
            Some(("settings", _)) => {
                print(&settings::reference(&load()?));
                Ok(())
            }
            Some(("migrate", _)) => once(migrate(&load()?.settings)),
            Some(("keys", sub)) => once(keys::run(sub, &load()?.settings)),
            Some(("users", sub)) => once(users::run(sub, &load()?.settings)),
            _ => {
                let Loaded { settings, own, .. } = load()?;
                serve::start(settings, async |settings| server(settings, own).await)
            }
        }
    }

    fn command<S: Section>(self) -> Command {
        let names = self.names;
        let (program, file, prefix) = (names.program(), names.file(), names.prefix());
        let flags = || settings::flags::<S>(names);
        let mut command = Command::new(program).about(self.about);
        if !self.version.is_empty() {
            command = command.version(self.version);
        }
        command
            .after_help(format!("Without a command, {program} serves. Settings come from defaults, then {file}, then {prefix}* variables, then flags; `{program} settings` shows them all."))
            .args(flags())
            .subcommand(
                Command::new("serve")
                    .about("Serve the pages. Creates the data directory, the database and a signing key on the first start; stops on Ctrl-C or SIGTERM")
                    .args(flags()),
            )
            .subcommand(
                Command::new("migrate")
                    .about("Bring the database's schema up to date, and do nothing else")
                    .args(flags()),
            )
            .subcommand(keys::command(flags))
            .subcommand(users::command(flags))
            .subcommand(
                Command::new("settings")
                    .about("Print every setting: its name, meaning, default, and the value in force and where it comes from")
                    .arg(
                        Arg::new("markdown")
                            .long("markdown")
                            .help("Print them as tables in Markdown instead, with the names of their variables")
                            .action(ArgAction::SetTrue),
                    )
                    .args(flags()),
            )
    }
}

/// Monban itself.
impl Default for Program {
    fn default() -> Self {
        Self {
            names: Names::default(),
            version: env!("CARGO_PKG_VERSION"),
            about: "The account system of a full-stack Rust web app: sign-up, sign-in and sessions that renew themselves, with every token in an HttpOnly cookie.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Program::default().command::<()>().debug_assert();
    }

    #[test]
    fn a_program_of_another_name_has_its_own_in_its_help() {
        let notes = Program::new("notes").version("1.2.3").about("Keeps notes.");
        let help = notes.command::<()>().render_long_help().to_string();
        for own in [
            "Keeps notes.",
            "Usage: notes",
            "notes.toml",
            "NOTES_CONFIG",
            "NOTES_* variables",
            "`notes settings`",
        ] {
            assert!(help.contains(own), "{own}: {help}");
        }
        let of_the_kit = ["monban.toml", "MONBAN_"];
        assert!(!of_the_kit.iter().any(|name| help.contains(name)), "{help}");
        assert_eq!(notes.command::<()>().render_version(), "notes 1.2.3\n");
        let unversioned = Program::new("notes").command::<()>();
        unversioned.debug_assert();
    }
}
