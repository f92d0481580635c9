//! What happened just before this page.

use leptos::prelude::*;

use crate::{error::EndReason, flash::Notice, page::CurrentNotice, words::text};

/// Above the page: why a session ended, or that one did not. What a form did is said beside the form.
#[component]
pub fn NoticeBar() -> impl IntoView {
    view! { <Note notice=CurrentNotice::get().into()/> }
}

/// A notice in words. Its place is there from the start, so that a screen reader hears the change.
#[component]
pub fn Note(
    /// Which.
    notice: Signal<Option<Notice>>,
) -> impl IntoView {
    let text = move || {
        notice.get().map(|notice| match notice {
            Notice::SessionEnded(reason) => end_text(reason),
            Notice::NotSignedOut => text!(notice.not_signed_out),
            Notice::AccountSaved => text!(account.saved),
            Notice::DeviceSignedOut => text!(sessions.ended),
            Notice::OthersSignedOut => text!(sessions.others_ended),
            Notice::KeysRotated => text!(keys.rotated),
        })
    };
    let warning = move || notice.get().is_some_and(Notice::is_warning);
    view! {
        <div class="notice" class:warning=warning role="status" hidden=move || notice.get().is_none()>{text}</div>
    }
}

/// Why a session is over, in words.
pub fn end_text(reason: EndReason) -> &'static str {
    match reason {
        EndReason::SignedOut => text!(notice.signed_out),
        EndReason::Revoked => text!(notice.revoked),
        EndReason::Replaced => text!(notice.replaced),
        EndReason::Reused => text!(notice.reused),
        EndReason::Idle => text!(notice.idle),
        EndReason::Expired => text!(notice.expired),
        EndReason::AccountDisabled => text!(notice.account_disabled),
        EndReason::SessionLimit => text!(notice.session_limit),
        EndReason::Unknown => text!(notice.unknown),
    }
}
