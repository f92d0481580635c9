//! The address of the page, and where somebody was going when they were asked to sign in.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

pub use crate::interface::account_path;
use crate::local_path::LocalPath;

/// The very address that was asked for, query and all. The fragment never reaches the server: there,
/// browsers carry it over the redirect by themselves (RFC 9110 §10.2.2), and [`way_on`] picks it up.
pub fn here() -> LocalPath {
    let location = use_location();
    let (path, search) = (
        location.pathname.get_untracked(),
        location.search.get_untracked(),
    );
    let mark = if search.is_empty() { "" } else { "?" };
    let hash = location.hash.get_untracked();
    LocalPath::from([&path, mark, &search, &hash].concat())
}

/// The `next` of this page's address. Once the page is hydrated, with the fragment that the browser
/// carried here: the server never hears of one.
pub fn way_on() -> Signal<LocalPath> {
    let location = use_location();
    let hydrated = RwSignal::new(false);
    Effect::new(move || hydrated.set(true));
    Signal::derive(move || {
        let next = location.search.with(|query| LocalPath::next_of(query));
        let Some(next) = next else {
            return LocalPath::default();
        };
        if hydrated.get() {
            location.hash.with(|hash| next.with_fragment(hash))
        } else {
            next
        }
    })
}
