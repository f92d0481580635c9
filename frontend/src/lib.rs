//! The WASM entry: hydrate and nothing else.

#![recursion_limit = "256"] // the interface is one deep type

use leptos::prelude::location;
use monban_app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Fetches the code that this page needs before it can come alive. Answers whether it is here.
#[wasm_bindgen]
pub async fn prepare() -> bool {
    monban_app::preload(&location().pathname().unwrap_or_default()).await
}

/// Brings the page that the server rendered to life.
#[wasm_bindgen]
pub fn hydrate() {
    monban_leptos::hydrate(App);
}
