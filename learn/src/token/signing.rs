//! Signs the edited token with a throwaway key.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use leptos::prelude::*;

use super::{KeyView, SignatureView, editor::EditedToken, jws, make_key, sign_text, verify_text};
use crate::{NeedsScript, i18n::t};
use monban_leptos::error::AppError;

const HMAC: &str = "HS256";
const ALGORITHMS: [&str; 3] = [HMAC, "EdDSA", "ES256"];

/// The result of signing the edited token.
#[derive(Clone)]
struct Signed {
    alg: String,
    key: KeyView,
    signature: SignatureView,
    /// The header that names the algorithm.
    header: String,
}

#[component]
pub(super) fn Signing(edited: EditedToken) -> impl IntoView {
    let alg = RwSignal::new(HMAC.to_owned());
    let secret = RwSignal::new("correct horse".to_owned());
    let sign = Action::new_local(move |(): &()| {
        sign_token(edited, alg.get_untracked(), secret.get_untracked())
    });
    Effect::new(move |_| {
        if let Some(Ok(signed)) = sign.value().get() {
            edited.set_signature(signed.header, signed.signature.signature);
        }
    });
    // The result: whether the visitor's key was used, and whether the signature is valid for the key.
    let verify = Action::new_local(move |mine: &bool| {
        let (mine, token) = (*mine, edited.segments.get_untracked().token());
        let signed = sign.value().get_untracked().and_then(Result::ok);
        async move {
            let signed = signed.ok_or(AppError::BadRequest)?;
            let key = if mine {
                signed.key
            } else {
                make_key(signed.alg.clone()).await?
            };
            Ok::<_, AppError>((mine, verify_text(signed.alg, key.private, token).await?))
        }
    });
    let is_hmac = move || alg.get() == HMAC;
    view! {
        <section class="panel" aria-labelledby="signing">
            <h3 id="signing">{t!(token.signing)}</h3>
            <div class="halves">
                <label>
                    "alg"
                    <select prop:value=alg on:change=move |event| alg.set(event_target_value(&event))>
                        {ALGORITHMS.map(|alg| view! { <option value=alg>{alg}</option> }).collect_view()}
                    </select>
                </label>
                <label hidden=move || !is_hmac()>
                    {t!(token.secret)}
                    <input type="text" prop:value=secret value=secret.get_untracked() autocomplete="off" on:input=move |event| secret.set(event_target_value(&event))/>
                </label>
            </div>
            <p class="buttons">
                <button type="button" class="button" aria-busy=move || sign.pending().get().then_some("true") on:click=move |_| { sign.dispatch(()); }>
                    {t!(token.sign)}
                </button>
                <Show when=move || matches!(sign.value().get(), Some(Ok(_)))>
                    <button type="button" class="button" on:click=move |_| { verify.dispatch(true); }>{t!(token.verify_mine)}</button>
                    <button type="button" class="button" on:click=move |_| { verify.dispatch(false); }>{t!(token.verify_other)}</button>
                </Show>
            </p>
            <div aria-live="polite">
                {move || verify.value().get().map(|answer| match answer {
                    Ok((mine, holds)) => view! {
                        <p class="verdict" class:good=holds data-key=if mine { "mine" } else { "other" }>
                            {if holds { t!(token.holds) } else { t!(token.holds_not) }}
                        </p>
                    }.into_any(),
                    Err(_) => view! { <p class="form-error">{t!(failed)}</p> }.into_any(),
                })}
                {move || sign.value().get().map(|answer| match answer {
                    Ok(signed) => view! { <SigningDetails signed/> }.into_any(),
                    Err(_) => view! { <p class="form-error">{t!(failed)}</p> }.into_any(),
                })}
            </div>
            <NeedsScript/>
        </section>
    }
}

/// Signs the edited token with that algorithm: by HMAC with the secret, otherwise with a new key.
async fn sign_token(edited: EditedToken, alg: String, secret: String) -> Result<Signed, AppError> {
    let key = if alg == HMAC {
        let private = URL_SAFE_NO_PAD.encode(secret);
        KeyView {
            private,
            public: None,
        }
    } else {
        make_key(alg.clone()).await?
    };
    let header = jws::with_alg(&edited.header.get_untracked(), &alg);
    let payload = edited.segments.get_untracked().payload;
    let signed = format!("{}.{payload}", jws::encode(&header));
    let signature = sign_text(alg.clone(), key.private.clone(), signed).await?;
    Ok(Signed {
        alg,
        key,
        signature,
        header,
    })
}

/// The key and, for HMAC, each step.
#[component]
fn SigningDetails(signed: Signed) -> impl IntoView {
    let steps = signed.signature.hmac.map(|steps| {
        let words = [
            t!(token.hmac_key),
            t!(token.hmac_inner_key),
            t!(token.hmac_inner_hash),
            t!(token.hmac_outer_key),
            t!(token.hmac_tag),
        ];
        let rows = words.into_iter().zip(steps);
        view! {
            <ol class="hmac">
                {rows.map(|(word, bytes)| view! { <li>{word} <code class="bytes">{bytes}</code></li> }).collect_view()}
            </ol>
        }
    });
    let key = signed.key.public.map(|public| {
        view! {
            <p class="hint">{t!(token.public_half)}</p>
            <pre tabindex="0">{public}</pre>
            <p class="hint">{t!(token.private_half)}</p>
            <p><code class="bytes">{signed.key.private}</code></p>
        }
    });
    view! { {key} {steps} }
}
