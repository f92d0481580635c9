//! `/learn/flows/…`: the flows, step by step, and a button that runs each in the sandbox.
//!
//! What a step says is data, one list a flow. What it shows is an exchange: a recorded one until the
//! visitor runs the flow, then what really came back.

#[cfg(feature = "ssr")]
mod call_api;
pub(super) mod detail;
#[cfg(feature = "ssr")]
mod key_rotation;
#[cfg(feature = "ssr")]
mod racing_tabs;
#[cfg(feature = "ssr")]
mod refresh;
#[cfg(feature = "ssr")]
mod sign_in;
#[cfg(feature = "ssr")]
mod sign_out;
#[cfg(feature = "ssr")]
mod sign_up;
pub mod step;
#[cfg(feature = "ssr")]
mod theft;
#[cfg(feature = "ssr")]
pub mod written;

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use self::written::{Flow, FlowStep};
use self::{detail::Detail, step::FlowView};
use super::{
    NeedsScript, Topic, alive,
    diagram::{Details, Diagram, Lane, SequenceDiagram, Step, sentence},
    item::{Item, ItemPage},
    sandbox::{ExchangeView, FlowName, Party, RunFlow},
};
use crate::i18n::t;
use monban_leptos::form::error_text;

/// Every flow, in the order in which to read them.
#[cfg(feature = "ssr")]
pub const FLOWS: [&Flow; 8] = [
    &sign_up::SIGN_UP,
    &sign_in::SIGN_IN,
    &call_api::CALL_API,
    &refresh::REFRESH,
    &sign_out::SIGN_OUT,
    &theft::THEFT,
    &racing_tabs::RACING_TABS,
    &key_rotation::KEY_ROTATION,
];

/// Every place in the source that a step names.
#[cfg(feature = "ssr")]
pub fn sources() -> Vec<super::Source> {
    let steps = FLOWS.iter().flat_map(|flow| flow.steps);
    steps.map(FlowStep::source).collect()
}

#[component]
pub(super) fn FlowPage(flow: FlowName) -> impl IntoView {
    let shown = flow_with_example(flow);
    view! {
        <ItemPage item=flow>
            {shown.map(|(flow, example)| view! { <FlowStage flow example/> })}
        </ItemPage>
    }
}

/// The flow with a recorded run of it. In the page for the browser to pick up, so that no code
/// carries it.
fn flow_with_example(flow: FlowName) -> Option<(FlowView, Vec<ExchangeView>)> {
    #[cfg(feature = "ssr")]
    let shown = SharedValue::new(move || {
        let language = monban_leptos::page::PageContext::get().language;
        let all = FLOWS.iter().zip(crate::server::recorded_flows());
        all.filter(|(written, _)| written.name == flow)
            .map(|(written, example)| (written.view(language), example))
            .next()
    });
    #[cfg(not(feature = "ssr"))]
    let shown = {
        let _ = flow;
        SharedValue::new(|| None::<(FlowView, Vec<ExchangeView>)>)
    };
    shown.into_inner()
}

impl Item for FlowName {
    const TOPIC: Topic = Topic::Flows;

    fn all() -> &'static [Self] {
        &Self::ALL
    }

    fn name(self) -> &'static str {
        Self::name(self)
    }

    fn title(self) -> &'static str {
        match self {
            Self::SignUp => t!(flows.titles.sign_up),
            Self::SignIn => t!(flows.titles.sign_in),
            Self::CallApi => t!(flows.titles.call_api),
            Self::Refresh => t!(flows.titles.refresh),
            Self::SignOut => t!(flows.titles.sign_out),
            Self::Theft => t!(flows.titles.theft),
            Self::RacingTabs => t!(flows.titles.racing_tabs),
            Self::KeyRotation => t!(flows.titles.key_rotation),
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::SignUp => t!(flows.about.sign_up),
            Self::SignIn => t!(flows.about.sign_in),
            Self::CallApi => t!(flows.about.call_api),
            Self::Refresh => t!(flows.about.refresh),
            Self::SignOut => t!(flows.about.sign_out),
            Self::Theft => t!(flows.about.theft),
            Self::RacingTabs => t!(flows.about.racing_tabs),
            Self::KeyRotation => t!(flows.about.key_rotation),
        }
    }

    fn all_title() -> &'static str {
        t!(flows.all)
    }
}

/// One flow: its buttons, its diagram, its steps.
#[component]
fn FlowStage(flow: FlowView, example: Vec<ExchangeView>) -> impl IntoView {
    let run = ServerAction::<RunFlow>::new();
    let (pending, value) = (run.pending(), run.value());
    let exchanges = RwSignal::new(example);
    let current = RwSignal::new(0_usize);
    let ran = RwSignal::new(false);
    let alive = alive();
    Effect::new(move |_| {
        if let Some(Ok(came)) = value.get() {
            exchanges.set(came);
            ran.set(true);
            current.set(0);
        }
    });

    let diagram = Signal::stored(diagram_of(&flow));
    let FlowView { name, steps, .. } = flow;
    let count = steps.len();
    let last = count.saturating_sub(1);
    let details = Details::new(move |place: usize| {
        let step = steps.get(place).cloned();
        step.map(|step| view! { <Detail step exchanges/> })
            .into_any()
    });
    let fault = move || match value.get() {
        Some(Err(error)) => error_text(&error),
        _ => String::new(),
    };
    let start = move |_| {
        if !pending.get_untracked() {
            run.dispatch(RunFlow { flow: name });
        }
    };
    let at = move || {
        t!(
            flows.at,
            step = current.get() + 1,
            count = count,
            what = sentence(diagram, current.get())
        )
        .to_string()
    };
    let what = move || {
        if ran.get() {
            t!(flows.real)
        } else {
            t!(flows.example)
        }
    };
    let busy = move || pending.get().then_some("true");
    view! {
        <div class="stage flow">
            <div class="buttons" hidden=move || !alive.get()>
                <button type="button" class="button primary" aria-disabled=busy aria-busy=busy on:click=start>
                    {t!(flows.run)}
                </button>
                <button type="button" class="button" aria-disabled=move || (current.get() == 0).then_some("true")
                    on:click=move |_| current.update(|at| *at = at.saturating_sub(1))>
                    {t!(flows.previous)}
                </button>
                <button type="button" class="button" aria-disabled=move || (current.get() == last).then_some("true")
                    on:click=move |_| current.update(|at| *at = (*at + 1).min(last))>
                    {t!(flows.next)}
                </button>
            </div>
            <NeedsScript/>
            <p class="form-error" role="alert" hidden=move || fault().is_empty()>{fault}</p>
            <p class="hint">{what}</p>
            <p class="at" role="status">{at}</p>
            <SequenceDiagram diagram current label=title(name) details=Some(details)/>
        </div>
    }
}

/// The drawing of a flow.
fn diagram_of(flow: &FlowView) -> Diagram {
    let place_of = |party: Party| {
        let place = flow.parties.iter().position(|other| *other == party);
        place.unwrap_or_default()
    };
    Diagram {
        lanes: flow
            .parties
            .iter()
            .map(|party| Lane {
                label: match (flow.name, party) {
                    (FlowName::RacingTabs, Party::Browser) => t!(flows.parties.one_tab),
                    _ => party_name(*party),
                }
                .to_owned(),
            })
            .collect(),
        steps: flow
            .steps
            .iter()
            .map(|step| Step {
                from: place_of(step.from),
                to: place_of(step.to),
                label: step.label.clone(),
                note: step.note.clone(),
                tone: step.tone,
            })
            .collect(),
    }
}

/// What the diagram of that flow is called.
fn title(flow: FlowName) -> &'static str {
    match flow {
        FlowName::SignUp => t!(flows.names.sign_up),
        FlowName::SignIn => t!(flows.names.sign_in),
        FlowName::CallApi => t!(flows.names.call_api),
        FlowName::Refresh => t!(flows.names.refresh),
        FlowName::SignOut => t!(flows.names.sign_out),
        FlowName::Theft => t!(flows.names.theft),
        FlowName::RacingTabs => t!(flows.names.racing_tabs),
        FlowName::KeyRotation => t!(flows.names.key_rotation),
    }
}

/// Who that is, in a word or two.
fn party_name(party: Party) -> &'static str {
    match party {
        Party::Page => t!(flows.parties.page),
        Party::Browser => t!(flows.parties.browser),
        Party::OtherTab => t!(flows.parties.other_tab),
        Party::Thief => t!(flows.parties.thief),
        Party::App => t!(flows.parties.app),
        Party::Service => t!(flows.parties.service),
        Party::Operator => t!(flows.parties.operator),
        Party::Server => t!(flows.parties.server),
        Party::Store => t!(flows.parties.store),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flow_is_there_once_and_in_order() {
        assert_eq!(FLOWS.map(|flow| flow.name), FlowName::ALL);
    }

    #[test]
    fn whoever_acts_has_a_lane() {
        for flow in FLOWS {
            for step in flow.steps {
                for party in [step.from, step.to] {
                    assert!(flow.parties.contains(&party), "{:?}: {party:?}", flow.name);
                }
            }
        }
    }
}
