//! One attack on the page: what stops it, the attempt, and what would happen otherwise.

use leptos::prelude::*;

use super::{
    AttackName, AttackView,
    attack::{AttackText, LookText},
    attempt::RunAttack,
    timing::Timing,
};
use crate::{
    i18n::t,
    {
        NeedsScript, alive, cookies_in_reach,
        diagram::SequenceDiagram,
        flows::detail::{message, row, waited},
        sandbox::ExchangeView,
    },
};
use monban_leptos::form::error_text;

#[component]
pub(super) fn AttackStage(attack: AttackText) -> impl IntoView {
    let diagram = Signal::stored(attack.drawing());
    let AttackText {
        name,
        sources,
        reading,
        looks,
        elsewhere,
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
        <Attempt name looks elsewhere/>
        <div class="stage without">
            <h2>{t!(attacks.without)}</h2>
            <p class="hint">{t!(attacks.drawn)}</p>
            <SequenceDiagram
                diagram
                current=RwSignal::new(0)
                label=drawing(name)
                details=None
            />
        </div>
    }
}

/// The button that tries it, and what comes of it.
#[component]
fn Attempt(
    name: AttackName,
    looks: Vec<LookText>,
    elsewhere: Option<(String, String)>,
) -> impl IntoView {
    let run = ServerAction::<RunAttack>::new();
    let (pending, value) = (run.pending(), run.value());
    let alive = alive();
    let start = move |_| {
        if !pending.get_untracked() {
            run.dispatch(RunAttack { attack: name });
        }
    };
    let busy = move || pending.get().then_some("true");
    let fault = move || match value.get() {
        Some(Err(error)) => error_text(&error),
        _ => String::new(),
    };
    let came = move || value.get().and_then(Result::ok);
    let told = move || came().map_or("", |_| t!(attacks.real));
    view! {
        <div class="stage flow attempt">
            <h2>{t!(attacks.attempt)}</h2>
            <p class="buttons" hidden=move || !alive.get()>
                <button type="button" class="button" aria-disabled=busy aria-busy=busy on:click=start>
                    {t!(attacks.run)}
                </button>
            </p>
            <NeedsScript/>
            <p class="form-error" role="alert" hidden=move || fault().is_empty()>{fault}</p>
            <p class="hint" role="status">{told}</p>
            {move || came().map(|view| came_back(&looks, view))}
            {(name == AttackName::ScriptInjection).then(|| view! { <Found/> })}
            {elsewhere.map(|(url, words)| view! { <p><a href=url rel="external">{words}</a></p> })}
        </div>
    }
}

/// What really came back.
fn came_back(looks: &[LookText], view: AttackView) -> impl IntoView + use<> {
    let AttackView { exchanges, timing } = view;
    let looked = exchanges.into_iter().zip(looks.to_vec());
    view! {
        <ol class="exchanges">
            {looked.map(|(exchange, look)| view! { <Exchange exchange look/> }).collect_view()}
        </ol>
        {timing.map(|timing| view! { <Timing timing/> })}
    }
}

#[component]
fn Exchange(exchange: ExchangeView, look: LookText) -> impl IntoView {
    let asked = exchange.request.line.trim_end_matches(" HTTP/1.1");
    let status = exchange.response.line.trim_start_matches("HTTP/1.1 ");
    let line = format!("{asked} → {status}");
    view! {
        <li>
            <p>{look.text}</p>
            <details>
                <summary><code>{line}</code></summary>
                {waited(exchange.waited)}
                {message(exchange.request)}
                {message(exchange.response)}
                {look.row.then(|| row(exchange.before, exchange.after))}
            </details>
        </li>
    }
}

/// What a script on this page finds, found by a script on this page.
#[component]
fn Found() -> impl IntoView {
    let found = cookies_in_reach();
    let shown = move || found.get().map(|cookies| format!("{cookies:?}"));
    view! {
        <div class="found" hidden=move || found.get().is_none()>
            <p>{t!(attacks.found)}</p>
            <pre class="message" tabindex="0"><code>"document.cookie = "{shown}</code></pre>
        </div>
    }
}

/// What the drawing of that attack is called.
fn drawing(attack: AttackName) -> &'static str {
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
