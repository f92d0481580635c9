//! The token editor: a token in three colours, to edit as JSON or to paste.

use leptos::prelude::*;

use super::{Check, VerdictView, jws, jws::Segments, try_token};
use crate::{NeedsScript, i18n::t};

/// The token in the editor. The field that is edited keeps its text as typed; the others follow.
#[derive(Clone, Copy)]
pub(super) struct EditedToken {
    /// The segments of the compact form.
    pub(super) segments: RwSignal<Segments>,
    /// The text of the header.
    pub(super) header: RwSignal<String>,
    /// The text of the payload.
    pub(super) payload: RwSignal<String>,
}

impl EditedToken {
    /// The editor's state with that token.
    pub(super) fn new(token: &str) -> Self {
        let edited = Self {
            segments: RwSignal::default(),
            header: RwSignal::default(),
            payload: RwSignal::default(),
        };
        edited.load(token);
        edited
    }

    /// Replaces the token.
    pub(super) fn load(self, token: &str) {
        let segments = Segments::of(token);
        self.header
            .set(jws::decode(&segments.header).unwrap_or_default());
        self.payload
            .set(jws::decode(&segments.payload).unwrap_or_default());
        self.segments.set(segments);
    }

    fn set_header(self, text: String) {
        self.segments
            .update(|segments| segments.header = jws::encode(&text));
        self.header.set(text);
    }

    fn set_payload(self, text: String) {
        self.segments
            .update(|segments| segments.payload = jws::encode(&text));
        self.payload.set(text);
    }

    /// Replaces the header and the signature.
    pub(super) fn set_signature(self, header: String, signature: String) {
        self.set_header(header);
        self.segments
            .update(|segments| segments.signature = signature);
    }
}

#[component]
pub(super) fn TokenEditor(edited: EditedToken) -> impl IntoView {
    let segment = move |pick: fn(Segments) -> String| move || pick(edited.segments.get());
    let check = Action::new(|token: &String| try_token(token.clone()));
    // A verdict is about the token that was sent, so an edit removes it.
    Effect::new(move |_| {
        edited.segments.track();
        check.value().set(None);
    });
    view! {
        <section class="panel" aria-labelledby="bench">
            <h2 id="bench">{t!(token.bench)}</h2>
            <p class="jws" data-testid="token">
                <span class="jws-header">{segment(|segments| segments.header)}</span>"."
                <span class="jws-payload">{segment(|segments| segments.payload)}</span>"."
                <span class="jws-signature">{segment(|segments| segments.signature)}</span>
            </p>
            <div class="halves">
                <label class="jws-header">
                    {t!(token.header)}
                    <textarea rows="5" spellcheck="false" prop:value=edited.header on:input=move |event| edited.set_header(event_target_value(&event))>
                        {edited.header.get_untracked()}
                    </textarea>
                </label>
                <label class="jws-payload">
                    {t!(token.payload)}
                    <textarea rows="14" spellcheck="false" prop:value=edited.payload on:input=move |event| edited.set_payload(event_target_value(&event))>
                        {edited.payload.get_untracked()}
                    </textarea>
                </label>
            </div>
            <label>
                {t!(token.paste)}
                <textarea rows="3" spellcheck="false" prop:value=move || edited.segments.get().token() on:input=move |event| edited.load(&event_target_value(&event))>
                    {edited.segments.get_untracked().token()}
                </textarea>
            </label>
            <p class="buttons">
                <button
                    type="button"
                    class="button"
                    aria-busy=move || check.pending().get().then_some("true")
                    on:click=move |_| { check.dispatch(edited.segments.get_untracked().token()); }
                >
                    {t!(token.ask)}
                </button>
            </p>
            <div aria-live="polite">
                {move || check.value().get().map(|answer| match answer {
                    Ok(verdict) => view! { <Verdict verdict/> }.into_any(),
                    Err(_) => view! { <p class="form-error">{t!(failed)}</p> }.into_any(),
                })}
            </div>
            <NeedsScript/>
        </section>
    }
}

/// The verdict of the verifier, and the source of the check that refused the token.
#[component]
pub(super) fn Verdict(verdict: VerdictView) -> impl IntoView {
    let good = verdict.refused_by.is_none();
    let words = match verdict.refused_by {
        None => t!(token.accepted),
        Some(Check::Form) => t!(token.check_form),
        Some(Check::Typ) => t!(token.check_typ),
        Some(Check::Header) => t!(token.check_header),
        Some(Check::Kid) => t!(token.check_kid),
        Some(Check::Alg) => t!(token.check_alg),
        Some(Check::Signature) => t!(token.check_signature),
        Some(Check::Claims) => t!(token.check_claims),
        Some(Check::Issuer) => t!(token.check_issuer),
        Some(Check::Audience) => t!(token.check_audience),
        Some(Check::IssuedAt) => t!(token.check_issued_at),
        Some(Check::Expiry) => t!(token.check_expiry),
        Some(Check::Denylist) => t!(token.check_denylist),
    };
    view! {
        <p class="verdict" class:good=good>
            {words}
            {verdict.source.map(|source| view! {
                " " <span class="source"><code>{source.path}</code>" "<code>{source.item}</code></span>
            })}
        </p>
    }
}
