//! The way out.

use leptos::{form::ActionForm, prelude::*};

use super::sign_out::{FAILED, SignOut};
use crate::{error::AppError, page::CurrentNotice};

/// Signs out here. Not a plain form, so that the other tabs hear of it with the answer. Where it does not
/// work, the page says so: nobody may leave a machine believing that they are signed out.
#[component]
pub fn SignOutButton(
    /// Its look.
    class: &'static str,
    /// What it says.
    label: &'static str,
    /// What it is about, by the id of another element.
    #[prop(optional)]
    described_by: Option<String>,
) -> impl IntoView {
    let action = ServerAction::<SignOut>::new();
    let notice = CurrentNotice::get();
    Effect::new(move || match action.value().get() {
        // The session is over anyway, and the page leaves.
        Some(Err(AppError::SessionRequired | AppError::SessionEnded { .. })) | None => {}
        Some(Ok(())) => notice.set(None),
        Some(Err(_)) => notice.set(Some(FAILED)),
    });
    view! {
        <ActionForm action=action>
            <button type="submit" class=class aria-describedby=described_by>{label}</button>
        </ActionForm>
    }
}
