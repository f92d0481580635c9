//! The forgeries of a token, and the verdict of the server's verifier on each.

use leptos::prelude::*;

use super::{
    ForgeryKind, ForgeryView,
    editor::{EditedToken, Verdict},
};
use crate::words::text;

#[component]
pub(super) fn Forgeries(forged: Vec<ForgeryView>, edited: EditedToken) -> impl IntoView {
    view! {
        <ol class="forgeries">
            {forged.into_iter().map(|forged| view! { <Forgery forged edited/> }).collect_view()}
        </ol>
    }
}

#[component]
fn Forgery(forged: ForgeryView, edited: EditedToken) -> impl IntoView {
    let ForgeryView {
        kind,
        token,
        verdict,
    } = forged;
    let (name, trick) = match kind {
        ForgeryKind::ChangedPayload => (
            text!(token.changed_payload),
            text!(token.changed_payload_trick),
        ),
        ForgeryKind::AlgNone => (text!(token.alg_none), text!(token.alg_none_trick)),
        ForgeryKind::PublicKeyAsSecret => (text!(token.public_key), text!(token.public_key_trick)),
        ForgeryKind::ForeignKid => (text!(token.foreign_kid), text!(token.foreign_kid_trick)),
        ForgeryKind::Expired => (text!(token.expired), text!(token.expired_trick)),
        ForgeryKind::RefreshAsAccess => (text!(token.refresh), text!(token.refresh_trick)),
    };
    view! {
        <li class="panel">
            <h3>{name}</h3>
            <p>{trick}</p>
            <Verdict verdict/>
            <p class="buttons">
                <a class="button" href="#bench" rel="external" on:click=move |_| edited.load(&token)>
                    {text!(token.to_bench)}
                </a>
            </p>
        </li>
    }
}
