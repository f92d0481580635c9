//! Pages that are for members only, and pages that are for strangers only.

use leptos::{either::EitherOf3, prelude::*};
use leptos_router::components::Redirect;

use super::failure::Failure;
use crate::{
    address::here, error::AppError, local_path::LocalPath, page::CurrentAccount, view::AccountView,
};

/// Shows its page to a member who has the role that it takes, and sends a stranger to sign in.
/// Comfort, not a guard: each server function asks for the session and the role itself.
#[component]
pub fn SignedIn<V, F>(
    /// The page of that account.
    page: F,
    /// The role that the page takes, if any.
    #[prop(optional, into)]
    role: Option<&'static str>,
) -> impl IntoView
where
    V: IntoView + 'static,
    F: FnOnce(AccountView) -> V,
{
    match CurrentAccount::get().get_untracked() {
        Some(account) if role.is_none_or(|role| account.has_role(role)) => {
            EitherOf3::A(page(account))
        }
        Some(_) => EitherOf3::B(view! { <Failure error=AppError::Forbidden/> }),
        None => EitherOf3::C(view! { <Redirect path=here().via_sign_in()/> }),
    }
}

/// Leads somebody who is signed in already on to where they were going.
#[component]
pub fn LeaveIfSignedIn(
    /// The page that follows.
    #[prop(optional)]
    next: LocalPath,
) -> impl IntoView {
    let signed_in = CurrentAccount::get().get_untracked().is_some();
    signed_in.then(|| view! { <Redirect path=next/> })
}
