//! `notes`: serves; `notes users grant ann@example.com editor` and the like are there as well.

use std::process::ExitCode;

use leptos::prelude::get_configuration;
use monban_axum::{Accounts, cli};
use notes::{App, Store, shell};

fn main() -> ExitCode {
    cli::Program::new("notes").main(async |settings| {
        let accounts = Accounts::open(settings).await?;
        let store = Store::open(accounts.settings()).await?;
        let accounts = accounts
            .site(get_configuration(None)?.leptos_options)
            .provide(store);
        let pages = accounts.pages(App, shell);
        Ok(accounts.serve(pages).await?)
    })
}
