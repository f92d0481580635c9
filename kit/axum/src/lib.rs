//! Accounts on axum: settings, cookies, middleware, the REST API, background work and the command line.
//!
//! Start at [`router`](router::router), which shows every route and every layer on one screen, then
//! [`http::session`], the one place that reads and writes the auth cookies.

mod accounts;
pub mod background;
pub mod cli;
pub mod http;
mod logging;
mod master;
pub mod observer;
pub mod rest;
pub mod router;
pub mod run;
pub mod settings;
pub mod site;
pub mod state;
pub mod tls;

pub use monban_auth::AccountId;

pub use self::accounts::Accounts;
