//! What happened just before this page.

use std::borrow::Cow;

use leptos::prelude::*;

use crate::{
    account::form::SAVED,
    components::Note,
    error::EndReason,
    flash::Notice,
    i18n::t,
    keys::form::{ROTATED, WAITING},
    page::{CurrentNotice, PageContext},
    session::{end_text, sign_out},
    sessions::form::{ONE_ENDED, OTHERS_ENDED},
};

/// Above the page: what was done, why a session ended, or that one did not. What a form did is said beside
/// the form.
#[component]
pub fn NoticeBar(
    /// The words for an app's own notices, by their names.
    #[prop(optional)]
    own: Option<fn(&str) -> Option<String>>,
) -> impl IntoView {
    let (notice, ended) = (CurrentNotice::get(), PageContext::get().flash.ended);
    let text = Signal::derive(move || match (notice.get(), ended) {
        (Some(notice), _) => text_of(&notice)
            .map(Cow::Borrowed)
            .or_else(|| own?(notice.name()).map(Cow::Owned)),
        (None, Some(reason)) => Some(Cow::Borrowed(end_text(reason))),
        (None, None) => None,
    });
    let warning = Signal::derive(move || match notice.get() {
        Some(notice) => notice == sign_out::FAILED,
        None => ended.is_some_and(|reason| reason != EndReason::SignedOut),
    });
    view! { <Note text warning/> }
}

/// A notice of the kit's in words.
fn text_of(notice: &Notice) -> Option<&'static str> {
    let name = notice.name();
    [
        (sign_out::FAILED, t!(sign_out.failed)),
        (SAVED, t!(account.saved)),
        (ONE_ENDED, t!(sessions.ended)),
        (OTHERS_ENDED, t!(sessions.others_ended)),
        (ROTATED, t!(keys.rotated)),
        (WAITING, t!(keys.waiting)),
    ]
    .into_iter()
    .find_map(|(notice, text)| (notice.name() == name).then_some(text))
}
