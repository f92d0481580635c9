//! An attack on its page: what stops it, the run, and what would happen otherwise.

use leptos::prelude::*;

use super::{
    AttackName, RunView,
    attempt::RunAttack,
    timing::Timing,
    view::{AttackView, ExplanationView},
};
use crate::{
    i18n::t,
    {
        NeedsScript,
        diagram::SequenceDiagram,
        flows::detail::{message, row, waited},
        hydrated, readable_cookies,
        sandbox::ExchangeView,
    },
};
use monban_leptos::form::error_text;

#[component]
pub(super) fn AttackDemo(attack: AttackView) -> impl IntoView {
    let diagram = Signal::stored(attack.undefended_diagram());
    let AttackView {
        name,
        sources,
        reading,
        explanations,
        other_site,
        ..
    } = attack;
    view! {
        <div class="defence">
            <p>{t!(attacks.defence)}</p>
            <ul>
                {sources.into_iter().map(|source| view! {
                    <li class="source"><code>{source.path}</code>" "<code>{source.item}</code></li>
                }).collect_view()}
            </ul>
            <p class="reading">
                {t!(attacks.reading)}
                {reading.into_iter().map(|(title, url)| view! { " "<a href=url>{title}</a> }).collect_view()}
            </p>
        </div>
        <Attempt name explanations other_site/>
        <div class="panel without">
            <h2>{t!(attacks.without)}</h2>
            <p class="hint">{t!(attacks.drawn)}</p>
            <SequenceDiagram
                diagram
                current=RwSignal::new(0)
                label=diagram_label(name)
                details=None
            />
        </div>
    }
}

/// The button that runs the attack, and the outcome.
#[component]
fn Attempt(
    name: AttackName,
    explanations: Vec<ExplanationView>,
    other_site: Option<(String, String)>,
) -> impl IntoView {
    let run = ServerAction::<RunAttack>::new();
    let (pending, value) = (run.pending(), run.value());
    let hydrated = hydrated();
    let start = move |_| {
        if !pending.get_untracked() {
            run.dispatch(RunAttack { attack: name });
        }
    };
    let busy = move || pending.get().then_some("true");
    let error = move || match value.get() {
        Some(Err(error)) => error_text(&error),
        _ => String::new(),
    };
    let outcome = move || value.get().and_then(Result::ok);
    let status = move || outcome().map_or("", |_| t!(attacks.real));
    view! {
        <div class="panel flow attempt">
            <h2>{t!(attacks.attempt)}</h2>
            <p class="buttons" hidden=move || !hydrated.get()>
                <button type="button" class="button" aria-disabled=busy aria-busy=busy on:click=start>
                    {t!(attacks.run)}
                </button>
            </p>
            <NeedsScript/>
            <p class="form-error" role="alert" hidden=move || error().is_empty()>{error}</p>
            <p class="hint" role="status">{status}</p>
            {move || outcome().map(|view| outcome_of_run(&explanations, view))}
            {(name == AttackName::ScriptInjection).then(|| view! { <ReadableCookies/> })}
            {other_site.map(|(url, label)| view! { <p><a href=url rel="external">{label}</a></p> })}
        </div>
    }
}

/// The exchanges of a run, each with its explanation, and the measured times.
fn outcome_of_run(explanations: &[ExplanationView], view: RunView) -> impl IntoView + use<> {
    let RunView { exchanges, timing } = view;
    let explained = exchanges.into_iter().zip(explanations.to_vec());
    view! {
        <ol class="exchanges">
            {explained.map(|(exchange, explanation)| view! { <Exchange exchange explanation/> }).collect_view()}
        </ol>
        {timing.map(|timing| view! { <Timing timing/> })}
    }
}

#[component]
fn Exchange(exchange: ExchangeView, explanation: ExplanationView) -> impl IntoView {
    let request = exchange.request.line.trim_end_matches(" HTTP/1.1");
    let status = exchange.response.line.trim_start_matches("HTTP/1.1 ");
    let line = format!("{request} → {status}");
    view! {
        <li>
            <p>{explanation.text}</p>
            <details>
                <summary><code>{line}</code></summary>
                {waited(exchange.waited)}
                {message(exchange.request)}
                {message(exchange.response)}
                {explanation.row.then(|| row(exchange.before, exchange.after))}
            </details>
        </li>
    }
}

/// The cookies that a script on this page can read, read by a script on this page.
#[component]
fn ReadableCookies() -> impl IntoView {
    let readable = readable_cookies();
    let shown = move || readable.get().map(|cookies| format!("{cookies:?}"));
    view! {
        <div class="found" hidden=move || readable.get().is_none()>
            <p>{t!(attacks.found)}</p>
            <pre class="message" tabindex="0"><code>"document.cookie = "{shown}</code></pre>
        </div>
    }
}

/// The label of that attack's diagram.
fn diagram_label(attack: AttackName) -> &'static str {
    match attack {
        AttackName::ScriptInjection => t!(attacks.drawings.script_injection),
        AttackName::CrossSite => t!(attacks.drawings.cross_site),
        AttackName::CookieTossing => t!(attacks.drawings.cookie_tossing),
        AttackName::SessionFixation => t!(attacks.drawings.session_fixation),
        AttackName::TamperedToken => t!(attacks.drawings.tampered_token),
        AttackName::ReplayInside => t!(attacks.drawings.replay_inside),
        AttackName::ReplayAfter => t!(attacks.drawings.replay_after),
        AttackName::Guessing => t!(attacks.drawings.guessing),
        AttackName::OpenRedirect => t!(attacks.drawings.open_redirect),
        AttackName::Timing => t!(attacks.drawings.timing),
    }
}
