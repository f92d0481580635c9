//! Personal notes, for members: an app of its own that has its accounts from Monban.

mod app;
mod notes;
#[cfg(feature = "ssr")]
mod store;

pub use app::App;
#[cfg(feature = "ssr")]
pub use {app::shell, store::Store};

/// The page that the server rendered comes alive.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    monban_leptos::hydrate(App);
}
