//! The way out.

use leptos::{form::ActionForm, prelude::*};

use crate::session::SignOut;

/// Signs out here. Not a plain form, so that the other tabs hear of it with the answer.
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
    view! {
        <ActionForm action=action>
            <button type="submit" class=class aria-describedby=described_by>{label}</button>
        </ActionForm>
    }
}
