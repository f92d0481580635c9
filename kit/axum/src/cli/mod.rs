//! The command line.

mod keys;
mod users;

use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};
use humantime::format_rfc3339_seconds;
use monban_auth::Timestamp;
use tokio::runtime::Runtime;

use crate::{
    run,
    settings::{self, Loaded, Settings, SettingsError, Sources},
};

/// Reads the command line and does what it says: `serve`, which is what `server` does with the settings,
/// or a command for operators, such as `users grant ann@example.com admin`. The whole of an app's
/// `main`.
pub fn main(server: impl AsyncFnOnce(Settings) -> Done) -> ExitCode {
    let matches = command().get_matches();
    let done = match matches.subcommand() {
        Some(("settings", sub)) => print_settings(sub),
        Some(("serve", sub)) => serve(sub, server),
        Some(("migrate", sub)) => once(migrate(sub)),
        Some(("keys", sub)) => once(keys::run(sub)),
        Some(("users", sub)) => once(users::run(sub)),
        _ => serve(&matches, server),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("monban: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What a command, and a server, comes to in the end.
pub type Done = Result<(), Box<dyn std::error::Error>>;

fn command() -> Command {
    Command::new("monban")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The account system of a full-stack Rust web app: sign-up, sign-in and sessions that renew themselves, with every token in an HttpOnly cookie.")
        .after_help("Without a command, monban serves. Settings come from defaults, then monban.toml, then MONBAN_* variables, then flags; `monban settings` shows them all.")
        .args(settings::flags())
        .subcommand(
            Command::new("serve")
                .about("Serve the pages. Creates the data directory, the database and a signing key on the first start; stops on Ctrl-C or SIGTERM")
                .args(settings::flags()),
        )
        .subcommand(
            Command::new("migrate")
                .about("Bring the database's schema up to date, and do nothing else")
                .args(settings::flags()),
        )
        .subcommand(keys::command())
        .subcommand(users::command())
        .subcommand(
            Command::new("settings")
                .about("Print every setting: its name, meaning, default, and the value in force and where it comes from")
                .arg(
                    Arg::new("markdown")
                        .long("markdown")
                        .help("Print the table of docs/settings.md instead")
                        .action(ArgAction::SetTrue),
                )
                .args(settings::flags()),
        )
}

fn load(matches: &ArgMatches) -> Result<Loaded, SettingsError> {
    Sources::gather(matches, std::env::vars_os()).and_then(|sources| settings::load(&sources))
}

fn serve(matches: &ArgMatches, server: impl AsyncFnOnce(Settings) -> Done) -> Done {
    run::start(load(matches)?.settings, server)
}

/// Runs a command that does one thing and ends.
fn once(command: impl Future<Output = Done>) -> Done {
    Runtime::new()?.block_on(command)
}

async fn migrate(matches: &ArgMatches) -> Done {
    run::open_store(&load(matches)?.settings)
        .await?
        .close()
        .await;
    say("the schema is up to date");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a command's answer is what it prints")]
fn say(line: &str) {
    println!("{line}");
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

#[expect(
    clippy::print_stdout,
    reason = "this command's answer is what it prints"
)]
fn print_settings(matches: &ArgMatches) -> Done {
    if matches.get_flag("markdown") {
        print!("{}", settings::markdown());
    } else {
        print!("{}", settings::reference(&load(matches)?));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
    }
}
