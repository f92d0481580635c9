//! The WASM entry: hydrate and nothing else.

#![recursion_limit = "256"] // the interface is one deep type

use std::task::{Context, Waker};

use leptos::{
    mount::hydrate_from_async,
    prelude::{document, location},
    task::spawn_local,
};
use monban_app::App;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};

/// Fetches the code that this page needs before it can come alive. Answers whether it is here.
#[wasm_bindgen]
pub async fn prepare() -> bool {
    monban_app::preload(&location().pathname().unwrap_or_default()).await
}

/// Brings the page that the server rendered to life, and marks it as alive for the style and for
/// tests. In one go where nothing is left to wait for: whoever calls it has just seen that the page is
/// as the server sent it, and nobody can change that in between.
#[wasm_bindgen]
pub fn hydrate() {
    let mut work = Box::pin(async {
        if let Some(body) = document().body() {
            hydrate_from_async(body.unchecked_into(), App)
                .await
                .forget();
        }
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "true");
        }
    });
    let mut unheard = Context::from_waker(Waker::noop());
    if work.as_mut().poll(&mut unheard).is_pending() {
        spawn_local(work);
    }
}
