//! Language and theme: the choices, what remembers them, and the switches.

#![expect(
    missing_docs,
    reason = "the macro copies no docs to the fields of a server function's arguments"
)]

mod api;
mod choices;
#[cfg(feature = "ssr")]
mod server;
mod switches;

pub use self::{
    api::{SetLanguage, SetTheme, set_language, set_theme},
    choices::{Language, Theme},
    switches::Preferences,
};
