//! A sequence diagram, made from data: lanes for the participants, and the steps between them.
//!
//! It is drawn, and its steps are also an ordered list: the drawing is hidden from screen readers, and
//! the list works without a script. Steps may be appended while the diagram is shown.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use serde::{Deserialize, Serialize};

use crate::i18n::t;

/// The distance between lanes, in pixels.
const LANE: usize = 136;
/// The margin beside the outer lanes, for labels that are wider than a lane.
const MARGIN: usize = 32;
/// The distance between steps.
const STEP: usize = 46;
/// The height of the head, which holds the labels of the lanes.
const HEAD: usize = 44;
/// Half of the height of an arrow's head.
const TIP: usize = 5;

/// The lanes and the steps of a diagram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Diagram {
    /// The lanes from left to right.
    pub(super) lanes: Vec<Lane>,
    /// The steps from top to bottom.
    pub(super) steps: Vec<Step>,
}

/// The lane of a participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    /// The label, of one or two words: there is little room.
    pub(super) label: String,
}

/// A step between two lanes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The index of the lane that acts.
    pub(super) from: usize,
    /// The index of the lane that is acted upon. If it is the same one, the step is drawn as a dot.
    pub(super) to: usize,
    /// The step in a few words.
    pub(super) label: String,
    /// More about the step, for the list. May be empty.
    pub(super) note: String,
    /// Whether the step goes well.
    pub(super) tone: Tone,
}

/// Whether a step goes well. It is drawn with a sign, never by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Tone {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// The step went well.
    Good,
    /// The step was refused, or is part of an attack.
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

/// Makes the details of the step at that index, which stand below its label.
pub(super) type Details = Callback<usize, AnyView>;

/// The drawing and the list. The arrow keys and the signal `current` step through them.
#[component]
pub(super) fn SequenceDiagram(
    /// The diagram to show.
    #[prop(into)]
    diagram: Signal<Diagram>,
    /// The index of the current step.
    current: RwSignal<usize>,
    /// The label of the diagram.
    label: &'static str,
    /// The details of a step; without them, the entries of the list do not open.
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
                <For each=move || 0..count.get() key=|index| *index let:index>
                    <Entry diagram current index details/>
                </For>
            </ol>
        </div>
    }
}

/// The drawing, as SVG.
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
            {move || lanes().into_iter().enumerate().map(|(index, lane)| view! {
                <g class="lane">
                    <line x1=centre(index) x2=centre(index) y1=HEAD - 14 y2=height/>
                    <text x=centre(index) y="18">{lane.label}</text>
                </g>
            }).collect_view()}
            <For each=move || 0..count.get() key=|index| *index let:index>
                <Arrow diagram current index/>
            </For>
        </svg>
    }
}

#[component]
fn Arrow(diagram: Signal<Diagram>, current: RwSignal<usize>, index: usize) -> impl IntoView {
    let Step {
        from,
        to,
        label,
        tone,
        ..
    } = step_at(diagram, index);
    let y = HEAD + index * STEP + 28;
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
            class:current=move || current.get() == index
            on:click=move |_| current.set(index)
        >
            <line x1=start x2=end y1=y y2=y/>
            <path d=shape/>
            <text x=usize::midpoint(start, end) y=y - 9>{format!("{}{}. {label}", tone.sign(), index + 1)}</text>
        </g>
    }
}

/// The entry of a step in the list.
#[component]
fn Entry(
    diagram: Signal<Diagram>,
    current: RwSignal<usize>,
    index: usize,
    #[prop(optional_no_strip)] details: Option<Details>,
) -> impl IntoView {
    let Step { note, .. } = step_at(diagram, index);
    let is_current = move || current.get() == index;
    let title = sentence(diagram, index);
    let note = (!note.is_empty()).then(|| view! { <p>{note}</p> });
    let content = match details {
        None => view! { <p class="title">{title}</p> {note} }.into_any(),
        Some(details) => {
            // Opened by the signal alone, so that the drawing and the list always agree.
            let choose = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                current.set(index);
            };
            view! {
                <details open=is_current>
                    <summary on:click=choose>{title}</summary>
                    {note}
                    {details.run(index)}
                </details>
            }
            .into_any()
        }
    };
    view! {
        <li aria-current=move || is_current().then_some("step")>{content}</li>
    }
}

/// A step as a sentence: the lanes and the label.
pub(super) fn sentence(diagram: Signal<Diagram>, index: usize) -> String {
    let Step {
        from,
        to,
        label,
        tone,
        ..
    } = step_at(diagram, index);
    let lane = |index| {
        let lane = diagram.with_untracked(|diagram: &Diagram| diagram.lanes.get(index).cloned());
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

fn step_at(diagram: Signal<Diagram>, index: usize) -> Step {
    let step = diagram.with_untracked(|diagram| diagram.steps.get(index).cloned());
    step.unwrap_or_else(|| Step {
        from: 0,
        to: 0,
        label: String::new(),
        note: String::new(),
        tone: Tone::Plain,
    })
}

/// Scrolls the drawing to the current step, if the screen is too narrow for it.
fn show_current(region: NodeRef<html::Div>, diagram: Signal<Diagram>, current: RwSignal<usize>) {
    Effect::new(move |_| {
        let Step { from, to, .. } = step_at(diagram, current.get());
        if let Some(region) = region.get() {
            let left = from.min(to) * LANE;
            region.set_scroll_left(i32::try_from(left).unwrap_or_default());
        }
    });
}

/// The horizontal position of a lane.
const fn centre(lane: usize) -> usize {
    MARGIN + lane * LANE + LANE / 2
}
