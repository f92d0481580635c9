//! `/admin/keys`: what access tokens are signed with. For administrators.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use server_fn::ServerFn;

use super::{
    api::{RotateKeys, list_keys},
    form::FORM,
};
use crate::{
    components::{Failure, Instant, SignedIn},
    form::{FormError, Once},
    i18n::t,
    lazy::lazy_page,
    page::PageContext,
    view::{ADMIN, SigningKeyView},
};

lazy_page!(
    KeysPage,
    keys_page,
    preload_keys_page,
    view! {
        <Title text=t!(keys.title)/>
        <SignedIn role=ADMIN page=|_| view! { <Keys/> }/>
    }
);

#[component]
fn Keys() -> impl IntoView {
    let keys = Resource::new_blocking(|| (), |()| list_keys());
    let error = PageContext::refused(FORM.id());
    view! {
        <div class="page">
            <h1>{t!(keys.title)}</h1>
            <p class="lead">{t!(keys.lead)}</p>
            <FormError error=Signal::stored(error)/>
            <Transition>
                {move || Suspend::new(async move {
                    match keys.await {
                        Ok(keys) => Either::Left(view! { <List keys/> }),
                        Err(error) => Either::Right(view! { <Failure error within=true/> }),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn List(keys: Vec<SigningKeyView>) -> impl IntoView {
    view! {
        <ul class="sessions">
            {keys.into_iter().map(|key| view! { <Key key/> }).collect_view()}
        </ul>
        <form method="post" action=RotateKeys::url()>
            <Once/>
            <button type="submit" class="button">{t!(keys.rotate)}</button>
        </form>
    }
}

#[component]
fn Key(key: SigningKeyView) -> impl IntoView {
    let state = match key.state.as_str() {
        "published" => t!(keys.published),
        "signing" => t!(keys.signing),
        "verifying" => t!(keys.verifying),
        "retired" => t!(keys.retired),
        _ => t!(keys.gone),
    };
    view! {
        <li class="session" class:current=key.state == "signing">
            <div>
                <h2>{state}</h2>
                <dl class="facts">
                    <dt>"kid"</dt><dd><code>{key.kid}</code></dd>
                    <dt>"alg"</dt><dd><code>{key.alg}</code></dd>
                    <dt>{t!(keys.signs_from)}</dt><dd><Instant at=key.signs_at/></dd>
                </dl>
            </div>
        </li>
    }
}
