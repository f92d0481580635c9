//! The command line.

mod keys;
mod program;
mod users;

use std::process::ExitCode;

use humantime::format_rfc3339_seconds;
use monban_auth::Timestamp;
use tokio::runtime::Runtime;

use crate::{
    columns::in_columns,
    open,
    settings::{Section, Settings},
};

pub use self::program::Program;

/// Reads the command line and does what it says: `serve`, which is what `server` does with the settings,
/// or a command for operators, such as `users grant ann@example.com admin`. The whole of an app's
/// `main`; of one that has a name of its own, see [`Program`].
pub fn main(server: impl AsyncFnOnce(Settings) -> Done) -> ExitCode {
    Program::default().main(server)
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
    Program::default().main_with(server)
}

/// How a command, or a server, ends.
pub type Done = Result<(), Box<dyn std::error::Error>>;

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

/// Prints rows under a heading.
fn table<const N: usize>(heading: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
    let heading = std::iter::once(heading.map(str::to_owned));
    for line in in_columns(heading.chain(rows)) {
        say(&line);
    }
}

fn time(at: Timestamp) -> String {
    let since_epoch = at.since(Timestamp::default());
    format_rfc3339_seconds(std::time::UNIX_EPOCH + since_epoch).to_string()
}
