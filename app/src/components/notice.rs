//! What happened just before this page.

use leptos::prelude::*;

use crate::{
    error::EndReason,
    flash::Notice,
    page::PageContext,
    words::i18n::{t_string, use_i18n},
};

/// Above the page: why a session ended. What a form did is said beside the form.
#[component]
pub(crate) fn NoticeBar() -> impl IntoView {
    PageContext::get().flash.notice.map(|notice| {
        let ended = matches!(notice, Notice::SessionEnded(reason) if reason != EndReason::SignedOut);
        view! { <Note notice=Signal::stored(Some(notice)) warning=ended/> }
    })
}

/// A notice in words. Its place is there from the start, so that a screen reader hears the change.
#[component]
pub(crate) fn Note(
    /// Which.
    notice: Signal<Option<Notice>>,
    /// Whether it is bad news.
    #[prop(optional)]
    warning: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || notice.get().map(|notice| match notice {
        Notice::SessionEnded(reason) => match reason {
            EndReason::SignedOut => t_string!(i18n, notice.signed_out),
            EndReason::Revoked => t_string!(i18n, notice.revoked),
            EndReason::Replaced => t_string!(i18n, notice.replaced),
            EndReason::Reused => t_string!(i18n, notice.reused),
            EndReason::Idle => t_string!(i18n, notice.idle),
            EndReason::Expired => t_string!(i18n, notice.expired),
            EndReason::AccountDisabled => t_string!(i18n, notice.account_disabled),
            EndReason::Unknown => t_string!(i18n, notice.unknown),
        },
        Notice::AccountSaved => t_string!(i18n, account.saved),
        Notice::DeviceSignedOut => t_string!(i18n, sessions.ended),
        Notice::OthersSignedOut => t_string!(i18n, sessions.others_ended),
    });
    view! {
        <div class="notice" class:warning=warning role="status" hidden=move || notice.get().is_none()>{text}</div>
    }
}
