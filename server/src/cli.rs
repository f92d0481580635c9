//! The command line.

use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::{
    run,
    settings::{self, Loaded, SettingsError, Sources},
};

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let matches = command().get_matches();
    let done = match matches.subcommand() {
        Some(("settings", sub)) => print_settings(sub),
        Some(("serve", sub)) => serve(sub),
        _ => serve(&matches),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("monban: {error}");
            ExitCode::FAILURE
        }
    }
}

type Done = Result<(), Box<dyn std::error::Error>>;

fn command() -> Command {
    Command::new("monban")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The account system of a full-stack Rust web app: sign-up, sign-in and sessions that renew themselves, with every token in an HttpOnly cookie.")
        .after_help("Without a command, it serves. Settings come from defaults, then monban.toml, then MONBAN_* variables, then flags; `monban settings` shows them all.")
        .args(settings::flags())
        .subcommand(
            Command::new("serve")
                .about("Serve the pages. Makes the data directory, the database and a signing key on the first start; stops on Ctrl-C or SIGTERM")
                .args(settings::flags()),
        )
        .subcommand(
            Command::new("settings")
                .about("Print every setting: its name, meaning, default, and the value in force and where it comes from")
                .arg(
                    Arg::new("markdown")
                        .long("markdown")
                        .help("Print the table of the README instead")
                        .action(ArgAction::SetTrue),
                )
                .args(settings::flags()),
        )
}

fn load(matches: &ArgMatches) -> Result<Loaded, SettingsError> {
    Sources::gather(matches, std::env::vars_os()).and_then(|sources| settings::load(&sources))
}

fn serve(matches: &ArgMatches) -> Done {
    Ok(run::serve(load(matches)?.settings)?)
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
