//! Pages that are for members only, and pages that are for strangers only.

use leptos::{either::Either, prelude::*};
use leptos_router::{components::Redirect, hooks::use_location};

use crate::{local_path::LocalPath, page::CurrentAccount, view::AccountView};

/// Shows its page to a member, and sends a stranger to sign in. Comfort, not a guard: each server
/// function asks for the session itself.
#[component]
pub(crate) fn SignedIn<V, F>(
    /// The page of that account.
    page: F,
) -> impl IntoView
where
    V: IntoView + 'static,
    F: FnOnce(AccountView) -> V,
{
    if let Some(account) = CurrentAccount::get().get_untracked() {
        Either::Left(page(account))
    } else {
        let here = LocalPath::from(use_location().pathname.get_untracked());
        Either::Right(view! { <Redirect path=here.via_sign_in()/> })
    }
}

/// Leads somebody who is signed in already on to where they were going.
#[component]
pub(crate) fn LeaveIfSignedIn(
    /// Where to.
    #[prop(optional)]
    next: LocalPath,
) -> impl IntoView {
    let member = CurrentAccount::get().get_untracked().is_some();
    member.then(|| view! { <Redirect path=next/> })
}
