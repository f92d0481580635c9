//! The events of the session, drawn as they happen.

use leptos::prelude::*;

use super::{EventKind, EventView};
use crate::{
    i18n::t,
    {
        diagram::{Diagram, Lane, SequenceDiagram, Step, Tone},
        time_of_day,
    },
};
use monban_leptos::components::end_text;

const PAGE: usize = 0;
const BROWSER: usize = 1;
const SERVER: usize = 2;
const STORE: usize = 3;

#[component]
pub(super) fn Events() -> impl IntoView {
    let events = RwSignal::new(Vec::<EventView>::new());
    #[cfg(feature = "hydrate")]
    poll_events(events);
    let diagram = Signal::derive(move || draw(&events.get()));
    let current = RwSignal::new(0);
    Effect::new(move |_| {
        let last = diagram.with(|diagram| diagram.steps.len());
        current.set(last.saturating_sub(1));
    });
    view! {
        <section class="panel" aria-labelledby="timeline">
            <h3 id="timeline">{t!(session.timeline)}</h3>
            <Show
                when=move || !events.with(Vec::is_empty)
                fallback=|| view! { <p class="hint">{t!(session.nothing_yet)}</p> }
            >
                <SequenceDiagram diagram current label=t!(session.timeline)/>
            </Show>
        </section>
    }
}

/// Polls for new events while the page is visible.
#[cfg(feature = "hydrate")]
fn poll_events(events: RwSignal<Vec<EventView>>) {
    use std::time::Duration;

    use gloo_timers::future::sleep;

    use super::session_events;

    const PAUSE: Duration = Duration::from_millis(700);

    // Gone with the page.
    let page = StoredValue::new(());
    leptos::task::spawn_local(async move {
        while page.try_get_value().is_some() {
            if !document().hidden() {
                let after =
                    events.with_untracked(|events| events.last().map_or(0, |last| last.number));
                // If this fails, the next poll asks for the same events.
                if let Ok(new_events) = session_events(after).await
                    && !new_events.is_empty()
                    && page.try_get_value().is_some()
                {
                    events.update(|events| events.extend(new_events));
                }
            }
            sleep(PAUSE).await;
        }
    });
}

fn draw(events: &[EventView]) -> Diagram {
    let lanes = [
        t!(session.lane_page),
        t!(session.lane_browser),
        t!(session.lane_server),
        t!(session.lane_store),
    ];
    Diagram {
        lanes: lanes
            .map(|label| Lane {
                label: label.to_owned(),
            })
            .into(),
        steps: events.iter().flat_map(steps).collect(),
    }
}

/// The steps that an event is drawn as.
fn steps(event: &EventView) -> Vec<Step> {
    let at = format!("{} UTC", time_of_day(event.at));
    let step = |from, to, label: String, tone| Step {
        from,
        to,
        label,
        note: at.clone(),
        tone,
    };
    let fixed = |label: &str| label.to_owned();
    match &event.kind {
        EventKind::Answered { route, generation } => vec![step(
            PAGE,
            SERVER,
            t!(session.answered, route = route, n = *generation).to_string(),
            Tone::Good,
        )],
        EventKind::Stale { route } => vec![
            step(PAGE, SERVER, route.clone(), Tone::Plain),
            step(SERVER, PAGE, fixed("401 session_expired"), Tone::Bad),
        ],
        EventKind::Renewed {
            generation,
            repeated,
            before_rendering,
        } => {
            let n = *generation;
            let verdict = if *repeated {
                t!(session.repeat, n = n).to_string()
            } else {
                t!(session.rotate, from = n - 1, n = n).to_string()
            };
            let sent = if *before_rendering {
                t!(session.set_cookie_page)
            } else {
                t!(session.set_cookie)
            };
            vec![
                step(
                    BROWSER,
                    SERVER,
                    t!(session.asks, n = n - 1).to_string(),
                    Tone::Plain,
                ),
                step(SERVER, STORE, verdict, Tone::Good),
                step(SERVER, BROWSER, fixed(sent), Tone::Good),
            ]
        }
        EventKind::ReplyLost => vec![step(SERVER, BROWSER, fixed(t!(session.lost)), Tone::Bad)],
        EventKind::Copied { generation } => vec![step(
            BROWSER,
            BROWSER,
            t!(session.copied, n = *generation).to_string(),
            Tone::Bad,
        )],
        EventKind::Replayed => vec![step(
            BROWSER,
            SERVER,
            fixed(t!(session.copy_used)),
            Tone::Bad,
        )],
        EventKind::Ended { reason } => vec![
            step(SERVER, STORE, fixed(t!(session.ended)), Tone::Bad),
            step(SERVER, PAGE, fixed(end_text(*reason)), Tone::Bad),
        ],
        EventKind::SignedOut => vec![
            step(PAGE, SERVER, fixed(t!(session.signs_out)), Tone::Plain),
            step(SERVER, STORE, fixed(t!(session.ended)), Tone::Good),
        ],
    }
}
