//! `/`: what this is.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use monban_leptos::{
    page::{CurrentAccount, PageContext},
    view::AccountView,
};

use crate::i18n::t;

#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let account = CurrentAccount::get().get_untracked();
    view! {
        <Title text=""/>
        <div class="page home">
            {match account {
                Some(account) => Either::Left(view! { <Greeting account/> }),
                None => Either::Right(view! { <Welcome/> }),
            }}
            <Points/>
            {monban_learn::are_there().then(|| view! {
                <p class="aside"><a href=monban_learn::ROOT rel="external">{t!(home.to_learn)}</a></p>
            })}
        </div>
    }
}

#[component]
fn Greeting(account: AccountView) -> impl IntoView {
    let name = account.name;
    view! {
        <section class="hero">
            <h1>{t!(home.greeting, name = name).to_string()}</h1>
            <p class="lead">{t!(home.greeting_lead)}</p>
            <p class="actions">
                <A href="/account" attr:class="button primary">{t!(home.to_account)}</A>
                <A href="/account/sessions" attr:class="button">{t!(home.to_sessions)}</A>
            </p>
        </section>
    }
}

#[component]
fn Welcome() -> impl IntoView {
    view! {
        <section class="hero">
            <p class="eyebrow">{t!(tagline)}</p>
            <h1>{t!(home.title)}</h1>
            <p class="lead">{t!(home.lead)}</p>
            <p class="actions">
                {PageContext::get().sign_up_open.then(|| view! {
                    <A href="/sign-up" attr:class="button primary">{t!(nav.sign_up)}</A>
                })}
                <A href="/sign-in" attr:class="button">{t!(nav.sign_in)}</A>
            </p>
        </section>
    }
}

#[component]
fn Points() -> impl IntoView {
    view! {
        <section class="points">
            <article><h2>{t!(home.point_cookie_title)}</h2><p>{t!(home.point_cookie)}</p></article>
            <article><h2>{t!(home.point_silent_title)}</h2><p>{t!(home.point_silent)}</p></article>
            <article><h2>{t!(home.point_theft_title)}</h2><p>{t!(home.point_theft)}</p></article>
        </section>
    }
}
