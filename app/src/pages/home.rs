//! `/`: what this is.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    app::CurrentAccount,
    view::AccountView,
    words::i18n::{t, use_i18n},
};

#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let account: CurrentAccount = expect_context();
    view! {
        <Title text=""/>
        <div class="page home">
            <Transition>
                {move || Suspend::new(async move {
                    match account.await {
                        Ok(Some(account)) => view! { <Greeting account/> }.into_any(),
                        _ => view! { <Welcome/> }.into_any(),
                    }
                })}
            </Transition>
            <Points/>
        </div>
    }
}

#[component]
fn Greeting(account: AccountView) -> impl IntoView {
    let i18n = use_i18n();
    let name = account.name;
    view! {
        <section class="hero">
            <h1>{t!(i18n, home.greeting, name = name)}</h1>
            <p class="lead">{t!(i18n, home.greeting_lead)}</p>
            <p class="actions">
                <A href="/account" attr:class="button primary">{t!(i18n, home.to_account)}</A>
                <A href="/account/sessions" attr:class="button">{t!(i18n, home.to_sessions)}</A>
            </p>
        </section>
    }
}

#[component]
fn Welcome() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="hero">
            <p class="eyebrow">{t!(i18n, tagline)}</p>
            <h1>{t!(i18n, home.title)}</h1>
            <p class="lead">{t!(i18n, home.lead)}</p>
            <p class="actions">
                <A href="/sign-up" attr:class="button primary">{t!(i18n, nav.sign_up)}</A>
                <A href="/sign-in" attr:class="button">{t!(i18n, nav.sign_in)}</A>
            </p>
        </section>
    }
}

#[component]
fn Points() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="points">
            <article><h2>{t!(i18n, home.point_cookie_title)}</h2><p>{t!(i18n, home.point_cookie)}</p></article>
            <article><h2>{t!(i18n, home.point_silent_title)}</h2><p>{t!(i18n, home.point_silent)}</p></article>
            <article><h2>{t!(i18n, home.point_theft_title)}</h2><p>{t!(i18n, home.point_theft)}</p></article>
        </section>
    }
}
