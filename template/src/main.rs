//! Serves the app, and has the commands of its accounts: see `{{project-name}} --help`.

use std::process::ExitCode;

use leptos::prelude::get_configuration;
use monban_axum::{Accounts, cli};
use {{crate_name}}::{App, shell};

fn main() -> ExitCode {
    let program = cli::Program::new("{{project-name}}").version(env!("CARGO_PKG_VERSION"));
    program.main(async |settings| {
        let accounts = Accounts::open(settings).await?;
        let accounts = accounts.site(get_configuration(None)?.leptos_options);
        let pages = accounts.pages(App, shell);
        Ok(accounts.serve(pages).await?)
    })
}
