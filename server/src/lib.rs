//! The server: settings, cookies, middleware, the router and the command line.
//!
//! Start at [`router`], which shows every route and every layer on one screen, then
//! [`http::session`], the one place that reads and writes the auth cookies.

pub mod background;
pub mod cli;
pub mod http;
mod logging;
mod master;
pub mod rest;
pub mod router;
pub mod run;
pub mod sandbox;
pub mod settings;
pub mod site;
pub mod tls;
