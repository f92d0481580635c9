//! A sequence diagram, made from data: who says what to whom, one below the other.
//!
//! It is drawn for those who see it, and said as an ordered list for everybody: the drawing is
//! hidden from screen readers, the list is the page without script. Steps may be appended while it
//! stands there.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use serde::{Deserialize, Serialize};

use crate::i18n::t;

/// How far apart lanes are, in pixels.
const LANE: usize = 136;
/// Left and right of the outer lanes' own room: a label may be wider than that.
const MARGIN: usize = 32;
/// How far apart steps are.
const STEP: usize = 46;
/// Where the first step is: below the names of the lanes.
const HEAD: usize = 44;
/// Half of an arrow's head.
const TIP: usize = 5;

/// Who takes part, and what happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Diagram {
    /// From left to right.
    pub(super) lanes: Vec<Lane>,
    /// From top to bottom.
    pub(super) steps: Vec<Step>,
}

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    /// In a word or two: there is little room.
    pub(super) label: String,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Who does it: a place among the lanes.
    pub(super) from: usize,
    /// To whom. To oneself, it is drawn as a dot.
    pub(super) to: usize,
    /// What, in a few words.
    pub(super) label: String,
    /// More about it, for the list. May be empty.
    pub(super) note: String,
    /// How it is meant.
    pub(super) tone: Tone,
}

/// How a step is meant. Drawn by shape and sign, too: never by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// It went well.
    Good,
    /// It was refused, or is an attack.
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "step",
            Self::Good => "step good",
            Self::Bad => "step bad",
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "✓ ",
            Self::Bad => "✕ ",
        }
    }
}

/// More about the step at that place, below its label.
pub(super) type Details = Callback<usize, AnyView>;

/// The diagram and its list. The arrow keys and the signal step through it.
#[component]
pub(super) fn SequenceDiagram(
    /// What to show.
    #[prop(into)]
    diagram: Signal<Diagram>,
    /// Which step is the current one.
    current: RwSignal<usize>,
    /// What it is a diagram of.
    label: &'static str,
    /// What a step's entry in the list opens to; without it, entries do not open.
    #[prop(optional_no_strip)]
    details: Option<Details>,
) -> impl IntoView {
    let count = Signal::derive(move || diagram.with(|diagram| diagram.steps.len()));
    let region = NodeRef::<html::Div>::new();
    show_current(region, diagram, current);
    let on_key = move |event: KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let (at, last) = (
            current.get_untracked(),
            count.get_untracked().saturating_sub(1),
        );
        let to = match event.key().as_str() {
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowRight" => (at + 1).min(last),
            _ => return,
        };
        event.prevent_default();
        current.set(to);
    };
    view! {
        <div class="sequence" on:keydown=on_key>
            <div class="drawing" role="region" aria-label=label tabindex="0" node_ref=region>
                <Drawing diagram current count/>
            </div>
            <ol class="steps">
                <For each=move || 0..count.get() key=|place| *place let:place>
                    <Entry diagram current place details/>
                </For>
            </ol>
        </div>
    }
}

/// What is seen.
#[component]
fn Drawing(
    diagram: Signal<Diagram>,
    current: RwSignal<usize>,
    count: Signal<usize>,
) -> impl IntoView {
    let lanes = move || diagram.with(|diagram| diagram.lanes.clone());
    let width = move || diagram.with(|diagram| diagram.lanes.len() * LANE + 2 * MARGIN);
    let height = move || HEAD + count.get() * STEP + 8;
    view! {
        <svg
            aria-hidden="true"
            width=width
            height=height
            viewBox=move || format!("0 0 {} {}", width(), height())
        >
            {move || lanes().into_iter().enumerate().map(|(place, lane)| view! {
                <g class="lane">
                    <line x1=centre(place) x2=centre(place) y1=HEAD - 14 y2=height/>
                    <text x=centre(place) y="18">{lane.label}</text>
                </g>
            }).collect_view()}
            <For each=move || 0..count.get() key=|place| *place let:place>
                <Arrow diagram current place/>
            </For>
        </svg>
    }
}

#[component]
fn Arrow(diagram: Signal<Diagram>, current: RwSignal<usize>, place: usize) -> impl IntoView {
    let Step {
        from,
        to,
        label,
        tone,
        ..
    } = step_at(diagram, place);
    let y = HEAD + place * STEP + 28;
    let (start, end) = (centre(from), centre(to));
    let shape = if from == to {
        format!("M{start} {}a5 5 0 1 0 .1 0z", y - 5)
    } else {
        let back = if from < to {
            end - TIP * 2
        } else {
            end + TIP * 2
        };
        format!("M{end} {y}L{back} {}L{back} {}z", y - TIP, y + TIP)
    };
    view! {
        <g
            class=tone.class()
            class:current=move || current.get() == place
            on:click=move |_| current.set(place)
        >
            <line x1=start x2=end y1=y y2=y/>
            <path d=shape/>
            <text x=usize::midpoint(start, end) y=y - 9>{format!("{}{}. {label}", tone.sign(), place + 1)}</text>
        </g>
    }
}

/// What is read.
#[component]
fn Entry(
    diagram: Signal<Diagram>,
    current: RwSignal<usize>,
    place: usize,
    #[prop(optional_no_strip)] details: Option<Details>,
) -> impl IntoView {
    let Step { note, .. } = step_at(diagram, place);
    let is_current = move || current.get() == place;
    let title = sentence(diagram, place);
    let note = (!note.is_empty()).then(|| view! { <p>{note}</p> });
    let content = match details {
        None => view! { <p class="title">{title}</p> {note} }.into_any(),
        Some(details) => {
            // Opened by the signal alone, so that the drawing and the list never disagree.
            let choose = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                current.set(place);
            };
            view! {
                <details open=is_current>
                    <summary on:click=choose>{title}</summary>
                    {note}
                    {details.run(place)}
                </details>
            }
            .into_any()
        }
    };
    view! {
        <li aria-current=move || is_current().then_some("step")>{content}</li>
    }
}

/// A step in a sentence: who, to whom, what.
pub(super) fn sentence(diagram: Signal<Diagram>, place: usize) -> String {
    let Step {
        from,
        to,
        label,
        tone,
        ..
    } = step_at(diagram, place);
    let lane = |place| {
        let lane = diagram.with_untracked(|diagram: &Diagram| diagram.lanes.get(place).cloned());
        lane.map(|lane: Lane| lane.label).unwrap_or_default()
    };
    let sign = tone.sign();
    if from == to {
        t!(
            diagram.alone,
            who = lane(from),
            what = format!("{sign}{label}")
        )
        .to_string()
    } else {
        t!(
            diagram.said,
            from = lane(from),
            to = lane(to),
            what = format!("{sign}{label}")
        )
        .to_string()
    }
}

fn step_at(diagram: Signal<Diagram>, place: usize) -> Step {
    let step = diagram.with_untracked(|diagram| diagram.steps.get(place).cloned());
    step.unwrap_or_else(|| Step {
        from: 0,
        to: 0,
        label: String::new(),
        note: String::new(),
        tone: Tone::Plain,
    })
}

/// Where a narrow screen cuts the drawing off, it follows the current step.
fn show_current(region: NodeRef<html::Div>, diagram: Signal<Diagram>, current: RwSignal<usize>) {
    Effect::new(move |_| {
        let Step { from, to, .. } = step_at(diagram, current.get());
        if let Some(region) = region.get() {
            let left = from.min(to) * LANE;
            region.set_scroll_left(i32::try_from(left).unwrap_or_default());
        }
    });
}

const fn centre(lane: usize) -> usize {
    MARGIN + lane * LANE + LANE / 2
}
