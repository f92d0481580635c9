//! What browser and server share: types, server functions, pages and their words.
//!
//! One request, one way through: a server function parses, makes one call on the core, and maps
//! the error. It holds no rule. The pages are rendered on the server, work there without any
//! script, and come alive in the browser.
//!
//! - [`App`] is the whole interface, [`shell`](server::shell) the document around it,
//! - [`error`] is everything that can go wrong, as a closed set that both sides know,
//! - [`client`] sends every server function and renews a stale session on the way,
//! - [`learn`] are the pages that explain the running system,
//! - [`server`] is what only the server has.

mod address;
mod app;
pub mod client;
mod components;
pub mod error;
pub mod flash;
pub mod form;
mod lazy;
pub mod learn;
pub mod local_path;
pub mod page;
mod pages;
pub mod preferences;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
#[cfg(feature = "hydrate")]
mod tabs;
pub mod view;
mod words;

pub use app::App;
pub use lazy::preload;
