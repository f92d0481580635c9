//! The frame of pages that are for members only.

use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_location};

use super::Failure;
use crate::{app::CurrentAccount, local_path::LocalPath, view::AccountView};

/// Shows its page to a member, and sends a stranger to sign in. Comfort, not a guard: each server
/// function asks for the session itself.
#[component]
pub(crate) fn SignedIn<V, F>(
    /// The page of that account.
    page: F,
) -> impl IntoView
where
    V: IntoView + 'static,
    F: Fn(AccountView) -> V + Clone + Send + Sync + 'static,
{
    let account: CurrentAccount = expect_context();
    let here = use_location().pathname;
    view! {
        <Transition>
            {move || {
                let page = page.clone();
                Suspend::new(async move {
                    match account.await {
                        Ok(Some(account)) => page(account).into_any(),
                        Ok(None) => {
                            let here = LocalPath::from(here.get_untracked());
                            view! { <Redirect path=here.via_sign_in()/> }.into_any()
                        }
                        Err(error) => view! { <Failure error/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// Leads somebody who is signed in already on to where they were going.
#[component]
pub(crate) fn LeaveIfSignedIn(
    /// Where to.
    #[prop(optional)]
    next: LocalPath,
) -> impl IntoView {
    let account: CurrentAccount = expect_context();
    view! {
        <Transition>
            {move || {
                let next = next.clone();
                Suspend::new(async move {
                    matches!(account.await, Ok(Some(_))).then(|| view! { <Redirect path=next/> })
                })
            }}
        </Transition>
    }
}
