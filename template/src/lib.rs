//! An app with accounts.

mod app;

pub use app::App;
#[cfg(feature = "ssr")]
pub use app::shell;

/// The page that the server rendered comes alive.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    monban_leptos::hydrate(App);
}
