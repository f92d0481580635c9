//! Accounts on axum: settings, cookies, middleware, the REST API, background work and the command line.
//!
//! An app calls [`cli::main`] and [`Accounts`]; the modules are what it may need besides.

mod accounts;
pub mod background;
pub mod cli;
mod columns;
mod error;
mod http;
mod logging;
mod master;
pub mod messages;
pub mod observer;
mod open;
pub mod rest;
mod router;
mod serve;
pub mod settings;
mod signals;
mod site;
mod state;
mod tls;

pub use monban_auth::AccountId;

pub use self::{
    accounts::Accounts,
    error::RunError,
    http::{
        cookies::{AuthCookie, auth_cookies},
        errors::{Refusal, refuse},
    },
    master::MasterError,
    site::Site,
    state::AppState,
    tls::TlsError,
};

/// The example of that page compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/your-own-app.md")]
struct YourOwnApp;
