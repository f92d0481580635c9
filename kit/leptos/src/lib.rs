//! Accounts for a Leptos app: everything between a page and its server.
//!
//! One request, one way through: a server function parses, makes one call on the core, and maps
//! the error. It holds no rule. The pages are rendered on the server, work there without any
//! script, and come alive in the browser.
//!
//! - [`provide_accounts`] is the first call in an app's root component; [`page::PageContext`] and
//!   [`page::CurrentAccount`] are what every page knows from then on,
//! - [`pages`] are the account pages, each a component to mount as a route or to replace,
//! - [`components`] guard a page, say what happened, and show errors in words,
//! - [`client::SessionClient`] sends server functions, the app's own too, and renews a stale session
//!   on the way,
//! - [`error`] is everything that can go wrong, as a closed set that both sides know,
//! - [`server`] is what only the server has: [`server::request`] is where every server function begins.

pub mod account;
mod accounts;
pub mod address;
pub mod components;
pub mod flash;
pub mod form;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "hydrate")]
mod hydrate;
pub mod i18n;
mod interface;
pub mod keys;
pub mod lazy;
pub mod local_path;
mod notice_bar;
pub mod page;
pub mod pages;
pub mod preferences;
mod routes;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;

pub use self::accounts::{preload, provide_accounts};
#[cfg(feature = "hydrate")]
pub use self::hydrate::hydrate;
pub use self::{interface::Interface, session::client};
pub use monban_wire::{error, view};
#[cfg(feature = "split")]
#[doc(hidden)]
pub use wasm_split_helpers;
#[doc(hidden)]
pub use {leptos_i18n, leptos_router};
