//! Tabs tell one another when somebody signs in, out, or as somebody else.
//!
//! A message only asks the others to look. What is true, they hear from the server: a tab that
//! shows somebody else than the cookies say loads its document anew.

use std::cell::{Cell, RefCell};

use leptos::{
    leptos_dom::helpers::{document, window},
    prelude::*,
    task::spawn_local,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent, PageTransitionEvent};

use super::who_am_i::who_am_i;
use crate::error::AppError;

const CHANNEL: &str = "monban";
/// Whom the page showed when it was last loaded anew, and who was here: in this tab's storage, as it
/// has to outlive the document. Account ids, which open nothing.
const RELOADED: &str = "monban_reloaded";

thread_local! {
    static OPEN: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
    /// Whose page this is: an account's id, or nobody's.
    static SHOWN_ACCOUNT: RefCell<Option<String>> = const { RefCell::new(None) };
    static CHECKING: Cell<bool> = const { Cell::new(false) };
}

/// Watches for changes elsewhere, in a tab that shows that account, and tells the others of it.
pub(crate) fn watch(account: Option<String>) {
    SHOWN_ACCOUNT.set(account.clone());
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else {
        return;
    };
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(|message: MessageEvent| {
        let theirs = message.data().as_string().filter(|id| !id.is_empty());
        if SHOWN_ACCOUNT.with_borrow(|ours| *ours != theirs) {
            check_identity();
        }
    });
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = channel.post_message(&account.unwrap_or_default().into());
    OPEN.set(Some(channel));

    window_event_listener_untyped("focus", |_| check_identity());
    window_event_listener_untyped("visibilitychange", |_| {
        if !document().hidden() {
            check_identity();
        }
    });
    window_event_listener_untyped("pageshow", |event| {
        // A page that comes back from the back/forward cache shows what was true when it left.
        if event
            .dyn_ref::<PageTransitionEvent>()
            .is_some_and(PageTransitionEvent::persisted)
        {
            check_identity();
        }
    });
}

/// Goes to a page as a new document, once this browser's cookies have changed hands, and asks the
/// other tabs to look.
pub(crate) fn leave_for(location: &str) {
    ask_others();
    // Until the new document is here, no form is sent again: see `start.js`.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-leaving", "");
    }
    load(location);
}

/// Goes to that address of this site as a new document.
pub(crate) fn load(address: &str) {
    let location = window().location();
    let open = [location.pathname(), location.search()].map(Result::unwrap_or_default);
    let _ = location.assign(address);
    // Another fragment of the document that is open: the browser only scrolls there.
    if address
        .split_once('#')
        .is_some_and(|(path, _)| path == open.concat())
    {
        let _ = location.reload();
    }
}

/// Nobody is signed in any more: loads this document anew if it shows somebody.
pub(crate) fn signed_out() {
    if SHOWN_ACCOUNT.with_borrow(Option::is_some) {
        ask_others();
        reload_for(None);
    }
}

/// Loads this document anew, because that account, or nobody, is here: once. If the document that
/// comes shows the same person as this one, then page and session disagree for good, and loading it
/// again would go on for ever.
fn reload_for(here: Option<&str>) {
    let shown = SHOWN_ACCOUNT.with_borrow(|shown| shown.clone().unwrap_or_default());
    let state = [&shown, ">", here.unwrap_or_default()].concat();
    // Where there is no storage there are no cookies either, and nobody to be signed in.
    let Ok(Some(storage)) = window().session_storage() else {
        return;
    };
    let before = storage.get_item(RELOADED).ok().flatten();
    if before.as_ref() != Some(&state) && storage.set_item(RELOADED, &state).is_ok() {
        let _ = window().location().reload();
    }
}

/// The page shows who is here: what was tried before is done with.
fn forget_reload() {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.remove_item(RELOADED);
    }
}

/// Nobody's account id, so that every tab looks.
fn ask_others() {
    broadcast("?");
}

/// Says whom this tab shows: one that shows somebody else looks.
fn broadcast(whom: &str) {
    OPEN.with_borrow(|channel| {
        if let Some(channel) = channel {
            let _ = channel.post_message(&whom.into());
        }
    });
}

/// Asks the server who is here, and loads the document anew if that is not whom it shows.
fn check_identity() {
    if CHECKING.replace(true) {
        return;
    }
    spawn_local(async {
        let answer = who_am_i().await;
        CHECKING.set(false);
        let here = match answer {
            Ok(found) => found.map(|here| here.account_id),
            Err(AppError::SessionRequired | AppError::SessionEnded { .. }) => None,
            // The document says what has happened, and what to do.
            Err(AppError::CookieConflict) => {
                let _ = window().location().reload();
                return;
            }
            // Offline or busy is not signed out.
            Err(_) => return,
        };
        if SHOWN_ACCOUNT.with_borrow(|shown| *shown != here) {
            reload_for(here.as_deref());
        } else {
            forget_reload();
            // Whoever asked may be the one who is wrong.
            broadcast(here.as_deref().unwrap_or_default());
        }
    });
}
