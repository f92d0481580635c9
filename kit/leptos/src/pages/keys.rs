//! `/admin/keys`: what access tokens are signed with. For administrators.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use server_fn::ServerFn;

use crate::{
    client::SessionClient,
    components::{Failure, Instant, SignedIn},
    error::AppError,
    flash::FormId,
    form::{FormError, Once},
    lazy::lazy_page,
    page::PageContext,
    view::{ADMIN, SigningKeyView},
    words::text,
};

/// Every signing key, in the order in which they sign.
#[server(prefix = "/api", endpoint = "list_keys", input = server_fn::codec::GetUrl, client = SessionClient)]
pub async fn list_keys() -> Result<Vec<SigningKeyView>, AppError> {
    let request = crate::server::request()?;
    request.respond(crate::server::keys::list(&request))
}

/// Publishes the next key. It signs once every verifier must have read of it.
#[server(prefix = "/api", endpoint = "rotate_keys", client = SessionClient)]
pub async fn rotate_keys() -> Result<(), AppError> {
    let request = crate::server::request()?;
    let outcome = crate::server::keys::rotate(&request).await;
    request.respond_to_form(
        FormId::Keys,
        "/admin/keys",
        crate::flash::Typed::default(),
        Some(crate::flash::Notice::KeysRotated),
        outcome,
    )
}

lazy_page!(
    KeysPage,
    keys_page,
    preload_keys_page,
    view! {
        <Title text=text!(keys.title)/>
        <SignedIn role=ADMIN page=|_| view! { <Keys/> }/>
    }
);

#[component]
fn Keys() -> impl IntoView {
    let keys = Resource::new_blocking(|| (), |()| list_keys());
    let error = PageContext::refused(FormId::Keys).map(|refused| refused.error);
    view! {
        <div class="page">
            <h1>{text!(keys.title)}</h1>
            <p class="lead">{text!(keys.lead)}</p>
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
            <button type="submit" class="button">{text!(keys.rotate)}</button>
        </form>
    }
}

#[component]
fn Key(key: SigningKeyView) -> impl IntoView {
    let state = match key.state.as_str() {
        "published" => text!(keys.published),
        "signing" => text!(keys.signing),
        "verifying" => text!(keys.verifying),
        "retired" => text!(keys.retired),
        _ => text!(keys.gone),
    };
    view! {
        <li class="session" class:current=key.state == "signing">
            <div>
                <h2>{state}</h2>
                <dl class="facts">
                    <dt>"kid"</dt><dd><code>{key.kid}</code></dd>
                    <dt>"alg"</dt><dd><code>{key.alg}</code></dd>
                    <dt>{text!(keys.signs_from)}</dt><dd><Instant at=key.signs_at/></dd>
                </dl>
            </div>
        </li>
    }
}
