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

mod accounts;
pub mod address;
pub mod client;
pub mod components;
pub mod flash;
pub mod form;
#[cfg(feature = "hydrate")]
mod hydrate;
pub mod lazy;
pub mod local_path;
pub mod page;
pub mod pages;
pub mod preferences;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
#[cfg(feature = "hydrate")]
pub mod tabs;
mod words;

pub use self::accounts::{preload, provide_accounts};
#[cfg(feature = "hydrate")]
pub use self::hydrate::hydrate;
pub use monban_wire::{error, view};
#[cfg(feature = "split")]
#[doc(hidden)]
pub use wasm_split_helpers;
#[doc(hidden)]
pub use {leptos_i18n, leptos_router};
