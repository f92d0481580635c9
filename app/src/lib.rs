//! Monban's own site, the first user of the kit: its routes, its document, its home page, its words.

mod app;
#[cfg(feature = "ssr")]
mod document;
mod header;
mod home;
mod i18n;

#[cfg(feature = "ssr")]
pub use self::document::shell;
pub use app::{App, preload};
