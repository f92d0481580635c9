//! The bar at the top: where one is, who one is, and how one likes it.

use leptos::{form::ActionForm, prelude::*};
use leptos_router::components::A;

use super::preferences::Preferences;
use crate::{
    app::CurrentAccount,
    session::SignOut,
    view::AccountView,
    words::i18n::{t, t_string, use_i18n},
};

#[component]
pub(crate) fn Header() -> impl IntoView {
    let i18n = use_i18n();
    let account: CurrentAccount = expect_context();
    view! {
        <header class="bar">
            <A href="/" attr:class="brand"><Gate/><span>{t!(i18n, brand)}</span></A>
            <Preferences/>
            <nav aria-label=move || t_string!(i18n, nav.label)>
                <Transition>
                    {move || Suspend::new(async move {
                        match account.await {
                            Ok(Some(account)) => view! { <Member account/> }.into_any(),
                            Ok(None) => view! { <Stranger/> }.into_any(),
                            Err(_) => ().into_any(),
                        }
                    })}
                </Transition>
            </nav>
        </header>
    }
}

#[component]
fn Stranger() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <A href="/sign-in">{t!(i18n, nav.sign_in)}</A>
        <A href="/sign-up">{t!(i18n, nav.sign_up)}</A>
    }
}

#[component]
fn Member(account: AccountView) -> impl IntoView {
    let i18n = use_i18n();
    let sign_out = ServerAction::<SignOut>::new();
    view! {
        <A href="/account" attr:class="who" exact=true>{account.name}</A>
        <A href="/account/sessions">{t!(i18n, nav.sessions)}</A>
        <ActionForm action=sign_out>
            <button type="submit" class="link">{t!(i18n, nav.sign_out)}</button>
        </ActionForm>
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
