//! The bar at the top: where one is, who one is, and how one likes it.

use leptos::{either::Either, prelude::*};
use leptos_router::components::A;

use monban_leptos::{
    address::way_on,
    components::{Preferences, SignOutButton},
    page::{CurrentAccount, PageContext},
    view::AccountView,
};

use crate::i18n::t;

#[component]
pub(crate) fn Header() -> impl IntoView {
    let account = CurrentAccount::get();
    view! {
        <header class="bar">
            <A href="/" attr:class="brand"><Gate/><span>{t!(brand)}</span></A>
            <Preferences/>
            <nav aria-label=t!(nav.label)>
                {move || match account.get() {
                    Some(account) => Either::Left(view! { <Member account/> }),
                    None => Either::Right(view! { <Stranger/> }),
                }}
            </nav>
        </header>
    }
}

#[component]
fn Stranger() -> impl IntoView {
    let next = way_on();
    view! {
        <A href=move || next.get().to_sign_in().to_string()>{t!(nav.sign_in)}</A>
        {PageContext::get().sign_up_open.then(|| view! {
            <A href=move || next.get().to_sign_up().to_string()>{t!(nav.sign_up)}</A>
        })}
    }
}

#[component]
fn Member(account: AccountView) -> impl IntoView {
    view! {
        <A href="/account" attr:class="who" exact=true>{account.name}</A>
        <A href="/account/sessions">{t!(nav.sessions)}</A>
        <SignOutButton class="link" label=t!(nav.sign_out)/>
    }
}

/// The mark: 門, a gate, as a seal.
#[component]
fn Gate() -> impl IntoView {
    view! {
        <svg class="gate" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="6" fill="currentColor"/>
            <path d="M7.5 26V7.5H14V15H7.5m0-3.75H14M20.5 25.5h4v-18H18V15h6.5m0-3.75H18" fill="none" stroke="#fff" stroke-width="2"/>
        </svg>
    }
}
