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

/// The mark: a gate, 門.
#[component]
fn Gate() -> impl IntoView {
    view! {
        <svg class="gate" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path d="M3 8c8 2 18 2 26 0M5 13h22M9 9v19M23 9v19" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"/>
        </svg>
    }
}
