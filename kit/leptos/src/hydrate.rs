//! The browser's entry: the page that the server rendered comes alive.

use std::task::{Context, Waker};

use leptos::{IntoView, mount::hydrate_from_async, prelude::document, task::spawn_local};
use wasm_bindgen::JsCast;

/// Brings the page that the server rendered to life, and marks it as alive for the style and for
/// tests. In one go where nothing is left to wait for: whoever calls it has just seen that the page is
/// as the server sent it, and nobody can change that in between.
///
/// An app calls it in the function `hydrate` that its WASM exports, which the script of
/// `PageHead` calls. With the feature `split`, that script asks an exported `prepare` before, which
/// fetches the code of the page by [`preload`](crate::preload) and answers whether it is here.
pub fn hydrate<V: IntoView + 'static>(app: impl FnOnce() -> V + 'static) {
    let mut work = Box::pin(async {
        if let Some(body) = document().body() {
            hydrate_from_async(body.unchecked_into(), app)
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
