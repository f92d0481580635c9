//! `/learn/flows/…`: the flows, step by step, and a button that runs each in the sandbox.
//!
//! The steps are data, one list for each flow. A step shows a part of an exchange: of the recorded run
//! until the visitor runs the flow, then of what really came back.

#[cfg(feature = "ssr")]
mod call_api;
#[cfg(feature = "ssr")]
pub mod definition;
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

use leptos::prelude::*;
use leptos_i18n::td_string;

#[cfg(feature = "ssr")]
use self::definition::{Flow, FlowStep};
use self::{detail::Detail, step::FlowView};
use super::{
    NeedsScript, Topic,
    diagram::{Details, Diagram, Lane, SequenceDiagram, Step, sentence},
    hydrated,
    item::{Item, ItemPage, content_of},
    sandbox::{ExchangeView, FlowName, Participant, RunFlow},
};
use crate::i18n::{Locale, t};
use monban_leptos::form::error_text;
#[cfg(feature = "ssr")]
use monban_leptos::preferences::Language;

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

/// The sources that the steps name.
#[cfg(feature = "ssr")]
pub fn sources() -> Vec<super::Source> {
    let steps = FLOWS.iter().flat_map(|flow| flow.steps);
    steps.map(FlowStep::source).collect()
}

#[component]
pub(super) fn FlowPage(flow: FlowName) -> impl IntoView {
    let content = content_of(flow);
    view! {
        <ItemPage item=flow>
            {content.map(|(flow, recorded)| view! { <FlowDemo flow recorded/> })}
        </ItemPage>
    }
}

impl Item for FlowName {
    const TOPIC: Topic = Topic::Flows;

    /// The flow and its recorded run.
    type Content = (FlowView, Vec<ExchangeView>);

    fn all() -> &'static [Self] {
        &Self::ALL
    }

    fn name(self) -> &'static str {
        Self::name(self)
    }

    fn title_in(self, locale: Locale) -> &'static str {
        match self {
            Self::SignUp => td_string!(locale, flows.titles.sign_up),
            Self::SignIn => td_string!(locale, flows.titles.sign_in),
            Self::CallApi => td_string!(locale, flows.titles.call_api),
            Self::Refresh => td_string!(locale, flows.titles.refresh),
            Self::SignOut => td_string!(locale, flows.titles.sign_out),
            Self::Theft => td_string!(locale, flows.titles.theft),
            Self::RacingTabs => td_string!(locale, flows.titles.racing_tabs),
            Self::KeyRotation => td_string!(locale, flows.titles.key_rotation),
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

    #[cfg(feature = "ssr")]
    fn content(self, language: Language) -> Option<Self::Content> {
        let flow = FLOWS.iter().find(|flow| flow.name == self)?;
        Some((flow.view(language), crate::server::recorded_run(self)))
    }
}

/// A flow that can be run: its buttons, its diagram, its steps.
#[component]
fn FlowDemo(flow: FlowView, recorded: Vec<ExchangeView>) -> impl IntoView {
    let run = ServerAction::<RunFlow>::new();
    let (pending, value) = (run.pending(), run.value());
    let exchanges = RwSignal::new(recorded);
    let current = RwSignal::new(0_usize);
    let has_run = RwSignal::new(false);
    let hydrated = hydrated();
    Effect::new(move |_| {
        if let Some(Ok(returned)) = value.get() {
            exchanges.set(returned);
            has_run.set(true);
            current.set(0);
        }
    });

    let diagram = Signal::stored(diagram_of(&flow));
    let FlowView { name, steps, .. } = flow;
    let count = steps.len();
    let last = count.saturating_sub(1);
    let details = Details::new(move |index: usize| {
        let step = steps.get(index).cloned();
        step.map(|step| view! { <Detail step exchanges/> })
            .into_any()
    });
    let error = move || match value.get() {
        Some(Err(error)) => error_text(&error),
        _ => String::new(),
    };
    let start = move |_| {
        if !pending.get_untracked() {
            run.dispatch(RunFlow { flow: name });
        }
    };
    let position = move || {
        t!(
            flows.at,
            step = current.get() + 1,
            count = count,
            what = sentence(diagram, current.get())
        )
        .to_string()
    };
    let origin = move || {
        if has_run.get() {
            t!(flows.real)
        } else {
            t!(flows.example)
        }
    };
    let busy = move || pending.get().then_some("true");
    view! {
        <div class="panel flow">
            <div class="buttons" hidden=move || !hydrated.get()>
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
            <p class="form-error" role="alert" hidden=move || error().is_empty()>{error}</p>
            <p class="hint">{origin}</p>
            <p class="at" role="status">{position}</p>
            <SequenceDiagram diagram current label=diagram_label(name) details=Some(details)/>
        </div>
    }
}

/// The diagram of a flow.
fn diagram_of(flow: &FlowView) -> Diagram {
    let lane_of = |participant: Participant| {
        let mut participants = flow.participants.iter();
        let lane = participants.position(|other| *other == participant);
        lane.unwrap_or_default()
    };
    Diagram {
        lanes: flow
            .participants
            .iter()
            .map(|participant| Lane {
                label: match (flow.name, participant) {
                    (FlowName::RacingTabs, Participant::Browser) => {
                        t!(flows.participants.one_tab)
                    }
                    _ => participant_name(*participant),
                }
                .to_owned(),
            })
            .collect(),
        steps: flow
            .steps
            .iter()
            .map(|step| Step {
                from: lane_of(step.from),
                to: lane_of(step.to),
                label: step.label.clone(),
                note: step.note.clone(),
                tone: step.tone,
            })
            .collect(),
    }
}

/// The label of that flow's diagram.
fn diagram_label(flow: FlowName) -> &'static str {
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

/// The participant in a word or two.
fn participant_name(participant: Participant) -> &'static str {
    match participant {
        Participant::Page => t!(flows.participants.page),
        Participant::Browser => t!(flows.participants.browser),
        Participant::OtherTab => t!(flows.participants.other_tab),
        Participant::Attacker => t!(flows.participants.attacker),
        Participant::App => t!(flows.participants.app),
        Participant::Service => t!(flows.participants.service),
        Participant::Operator => t!(flows.participants.operator),
        Participant::Server => t!(flows.participants.server),
        Participant::Store => t!(flows.participants.store),
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
    fn every_participant_of_a_step_has_a_lane() {
        for flow in FLOWS {
            for step in flow.steps {
                for participant in [step.from, step.to] {
                    let has_lane = flow.participants.contains(&participant);
                    assert!(has_lane, "{:?}: {participant:?}", flow.name);
                }
            }
        }
    }
}
