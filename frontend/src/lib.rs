//! The WASM entry: hydrate and nothing else.

#![recursion_limit = "256"] // the interface is one deep type

use leptos::{mount::hydrate_from_async, prelude::document};
use monban_app::App;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};

/// Brings the page that the server rendered to life, and marks it as alive for the style and for
/// tests. The code of a lazy route is loaded first.
#[wasm_bindgen]
pub async fn hydrate() {
    if let Some(body) = document().body() {
        hydrate_from_async(body.unchecked_into(), App)
            .await
            .forget();
    }
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "true");
    }
}
