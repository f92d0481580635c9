//! A token in three colours, to edit as JSON or to paste.

use leptos::prelude::*;

use super::{Check, VerdictView, jws, jws::Segments, try_token};
use crate::{NeedsScript, i18n::t};

/// The token on the bench. What is typed stays as it is typed; the rest follows.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) segments: RwSignal<Segments>,
    pub(super) header: RwSignal<String>,
    pub(super) payload: RwSignal<String>,
}

impl Token {
    pub(super) fn new(token: &str) -> Self {
        let bench = Self {
            segments: RwSignal::default(),
            header: RwSignal::default(),
            payload: RwSignal::default(),
        };
        bench.load(token);
        bench
    }

    /// Puts another token on the bench.
    pub(super) fn load(self, token: &str) {
        let segments = Segments::of(token);
        self.header
            .set(jws::read(&segments.header).unwrap_or_default());
        self.payload
            .set(jws::read(&segments.payload).unwrap_or_default());
        self.segments.set(segments);
    }

    fn type_header(self, text: String) {
        self.segments
            .update(|segments| segments.header = jws::write(&text));
        self.header.set(text);
    }

    fn type_payload(self, text: String) {
        self.segments
            .update(|segments| segments.payload = jws::write(&text));
        self.payload.set(text);
    }

    /// Gives the token this header and this signature.
    pub(super) fn seal(self, header: String, signature: String) {
        self.type_header(header);
        self.segments
            .update(|segments| segments.signature = signature);
    }
}

#[component]
pub(super) fn Workbench(bench: Token) -> impl IntoView {
    let segment = move |pick: fn(Segments) -> String| move || pick(bench.segments.get());
    let ask = Action::new(|token: &String| try_token(token.clone()));
    // An answer is about the token that was asked for.
    Effect::new(move |_| {
        bench.segments.track();
        ask.value().set(None);
    });
    view! {
        <section class="stage" aria-labelledby="bench">
            <h2 id="bench">{t!(token.bench)}</h2>
            <p class="jws" data-testid="token">
                <span class="jws-header">{segment(|segments| segments.header)}</span>"."
                <span class="jws-payload">{segment(|segments| segments.payload)}</span>"."
                <span class="jws-signature">{segment(|segments| segments.signature)}</span>
            </p>
            <div class="halves">
                <label class="jws-header">
                    {t!(token.header)}
                    <textarea rows="5" spellcheck="false" prop:value=bench.header on:input=move |event| bench.type_header(event_target_value(&event))>
                        {bench.header.get_untracked()}
                    </textarea>
                </label>
                <label class="jws-payload">
                    {t!(token.payload)}
                    <textarea rows="14" spellcheck="false" prop:value=bench.payload on:input=move |event| bench.type_payload(event_target_value(&event))>
                        {bench.payload.get_untracked()}
                    </textarea>
                </label>
            </div>
            <label>
                {t!(token.paste)}
                <textarea rows="3" spellcheck="false" prop:value=move || bench.segments.get().token() on:input=move |event| bench.load(&event_target_value(&event))>
                    {bench.segments.get_untracked().token()}
                </textarea>
            </label>
            <p class="buttons">
                <button
                    type="button"
                    class="button"
                    aria-busy=move || ask.pending().get().then_some("true")
                    on:click=move |_| { ask.dispatch(bench.segments.get_untracked().token()); }
                >
                    {t!(token.ask)}
                </button>
            </p>
            <div aria-live="polite">
                {move || ask.value().get().map(|answer| match answer {
                    Ok(verdict) => view! { <Verdict verdict/> }.into_any(),
                    Err(_) => view! { <p class="form-error">{t!(failed)}</p> }.into_any(),
                })}
            </div>
            <NeedsScript/>
        </section>
    }
}

/// What the verifier says, and where in the source it says so.
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
