//! The command line.

mod keys;
mod users;

use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};
use humantime::format_rfc3339_seconds;
use monban_auth::Timestamp;
use tokio::runtime::Runtime;

use crate::{
    open, serve,
    settings::{self, Loaded, Section, Settings, SettingsError, Sources},
};

/// Reads the command line and does what it says: `serve`, which is what `server` does with the settings,
/// or a command for operators, such as `users grant ann@example.com admin`. The whole of an app's
/// `main`.
pub fn main(server: impl AsyncFnOnce(Settings) -> Done) -> ExitCode {
    main_with(async |settings, ()| server(settings).await)
}

/// The same for an app that has settings of its own, declared by
/// [`settings_section!`](crate::settings_section): `server` gets them, too.
///
/// ```no_run
/// use monban_axum::{Accounts, cli};
///
/// monban_axum::settings_section! {
///     /// What notes are kept.
///     pub struct NotesSettings in "Notes" {
///         /// Notes that one account may have.
///         notes_max: u32 = "100" in "1"..="10000";
///     }
/// }
///
/// fn main() -> std::process::ExitCode {
///     cli::main_with(async |settings, notes: NotesSettings| {
///         let accounts = Accounts::open(settings).await?.provide(notes);
///         let pages = axum::Router::new();
///         Ok(accounts.serve(pages).await?)
///     })
/// }
/// ```
pub fn main_with<S: Section>(server: impl AsyncFnOnce(Settings, S) -> Done) -> ExitCode {
    let matches = command::<S>().get_matches();
    match run(&matches, server) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("monban: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run<S: Section>(matches: &ArgMatches, server: impl AsyncFnOnce(Settings, S) -> Done) -> Done {
    let load = || load::<S>(matches);
    match matches.subcommand() {
        Some(("settings", sub)) if sub.get_flag("markdown") => {
            print(&settings::markdown::<S>());
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

/// How a command, or a server, ends.
pub type Done = Result<(), Box<dyn std::error::Error>>;

fn command<S: Section>() -> Command {
    let flags = settings::flags::<S>;
    Command::new("monban")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The account system of a full-stack Rust web app: sign-up, sign-in and sessions that renew themselves, with every token in an HttpOnly cookie.")
        .after_help("Without a command, monban serves. Settings come from defaults, then monban.toml, then MONBAN_* variables, then flags; `monban settings` shows them all.")
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
                        .help("Print the tables of docs/settings.md instead")
                        .action(ArgAction::SetTrue),
                )
                .args(flags()),
        )
}

fn load<S: Section>(matches: &ArgMatches) -> Result<Loaded<S>, SettingsError> {
    let sources = Sources::gather::<S>(matches, std::env::vars_os())?;
    settings::load_with(&sources)
}

/// Runs a command that does one thing and ends.
fn once(command: impl Future<Output = Done>) -> Done {
    Runtime::new()?.block_on(command)
}

async fn migrate(settings: &Settings) -> Done {
    open::open_store(settings).await?.close().await;
    say("the schema is up to date");
    Ok(())
}

fn say(line: &str) {
    print(&format!("{line}\n"));
}

#[expect(clippy::print_stdout, reason = "a command's answer is what it prints")]
fn print(text: &str) {
    print!("{text}");
}

/// Prints rows under a heading, each column as wide as its widest value.
fn table<const N: usize>(heading: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
    let mut lines = vec![heading.map(str::to_owned)];
    lines.extend(rows);
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<_> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    for line in &lines {
        let cells = line.iter().zip(&widths);
        let cells: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        say(cells.join("  ").trim_end());
    }
}

fn time(at: Timestamp) -> String {
    let since_epoch = at.since(Timestamp::default());
    format_rfc3339_seconds(std::time::UNIX_EPOCH + since_epoch).to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::command::<()>().debug_assert();
    }
}
