//! The forgeries of a token, and the verdict of the server's verifier on each.

use leptos::prelude::*;

use super::{
    ForgeryKind, ForgeryView,
    editor::{EditedToken, Verdict},
};
use crate::i18n::t;

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
        ForgeryKind::ChangedPayload => (t!(token.changed_payload), t!(token.changed_payload_trick)),
        ForgeryKind::AlgNone => (t!(token.alg_none), t!(token.alg_none_trick)),
        ForgeryKind::PublicKeyAsSecret => (t!(token.public_key), t!(token.public_key_trick)),
        ForgeryKind::ForeignKid => (t!(token.foreign_kid), t!(token.foreign_kid_trick)),
        ForgeryKind::Expired => (t!(token.expired), t!(token.expired_trick)),
        ForgeryKind::RefreshAsAccess => (t!(token.refresh), t!(token.refresh_trick)),
    };
    view! {
        <li class="panel">
            <h3>{name}</h3>
            <p>{trick}</p>
            <Verdict verdict/>
            <p class="buttons">
                <a class="button" href="#bench" rel="external" on:click=move |_| edited.load(&token)>
                    {t!(token.to_bench)}
                </a>
            </p>
        </li>
    }
}
