//! What can be tried with a token, and what the server's verifier says to each.

use leptos::prelude::*;

use super::{
    ForgeryKind, ForgeryView,
    workbench::{Token, Verdict},
};
use crate::words::text;

#[component]
pub(super) fn Forgeries(forged: Vec<ForgeryView>, bench: Token) -> impl IntoView {
    view! {
        <ol class="forgeries">
            {forged.into_iter().map(|forged| view! { <Forgery forged bench/> }).collect_view()}
        </ol>
    }
}

#[component]
fn Forgery(forged: ForgeryView, bench: Token) -> impl IntoView {
    let ForgeryView {
        how,
        token,
        verdict,
    } = forged;
    let (name, trick) = match how {
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
        <li class="stage">
            <h3>{name}</h3>
            <p>{trick}</p>
            <Verdict verdict/>
            <p class="buttons">
                <a class="button" href="#bench" rel="external" on:click=move |_| bench.load(&token)>
                    {text!(token.to_bench)}
                </a>
            </p>
        </li>
    }
}
