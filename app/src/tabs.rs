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

use crate::{error::AppError, session::who_am_i};

const CHANNEL: &str = "monban";

thread_local! {
    static OPEN: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
    /// Whose page this is: an account's id, or nobody's.
    static SHOWN: RefCell<Option<String>> = const { RefCell::new(None) };
    static LOOKING: Cell<bool> = const { Cell::new(false) };
}

/// Watches for changes elsewhere, in a tab that shows that account, and tells the others of it.
pub(crate) fn watch(account: Option<String>) {
    SHOWN.set(account.clone());
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else {
        return;
    };
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(|message: MessageEvent| {
        let theirs = message.data().as_string().filter(|id| !id.is_empty());
        if SHOWN.with_borrow(|ours| *ours != theirs) {
            look();
        }
    });
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = channel.post_message(&account.unwrap_or_default().into());
    OPEN.set(Some(channel));

    window_event_listener_untyped("focus", |_| look());
    window_event_listener_untyped("visibilitychange", |_| {
        if !document().hidden() {
            look();
        }
    });
    window_event_listener_untyped("pageshow", |event| {
        // A page that comes back from the back/forward cache shows what was true when it left.
        if event
            .dyn_ref::<PageTransitionEvent>()
            .is_some_and(PageTransitionEvent::persisted)
        {
            look();
        }
    });
}

/// Goes to a page as a new document, once this browser's cookies have changed hands, and asks the
/// other tabs to look.
pub(crate) fn leave_for(location: &str) {
    ask_others();
    let _ = window().location().assign(location);
}

/// Nobody is signed in any more: loads this document anew if it shows somebody.
pub(crate) fn signed_out() {
    if SHOWN.with_borrow(Option::is_some) {
        ask_others();
        let _ = window().location().reload();
    }
}

/// Nobody's account id, so that every tab looks.
fn ask_others() {
    tell_others("?");
}

/// Says whom this tab shows: one that shows somebody else looks.
fn tell_others(whom: &str) {
    OPEN.with_borrow(|channel| {
        if let Some(channel) = channel {
            let _ = channel.post_message(&whom.into());
        }
    });
}

/// Asks the server who is here, and loads the document anew if that is not whom it shows.
fn look() {
    if LOOKING.replace(true) {
        return;
    }
    spawn_local(async {
        let answer = who_am_i().await;
        LOOKING.set(false);
        let here = match answer {
            Ok(found) => found.map(|who| who.account_id),
            Err(AppError::SessionRequired | AppError::SessionEnded { .. }) => None,
            // The document says what has happened, and what to do.
            Err(AppError::CookieConflict) => {
                let _ = window().location().reload();
                return;
            }
            // Offline or busy is not signed out.
            Err(_) => return,
        };
        if SHOWN.with_borrow(|shown| *shown != here) {
            let _ = window().location().reload();
        } else {
            // Whoever asked may be the one who is wrong.
            tell_others(here.as_deref().unwrap_or_default());
        }
    });
}
