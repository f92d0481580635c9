//! What happens to the session, drawn as it happens.

use leptos::prelude::*;

use super::{EventView, What};
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
    watch(events);
    let diagram = Signal::derive(move || draw(&events.get()));
    let current = RwSignal::new(0);
    Effect::new(move |_| {
        let last = diagram.with(|diagram| diagram.steps.len());
        current.set(last.saturating_sub(1));
    });
    view! {
        <section class="stage" aria-labelledby="timeline">
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

/// Asks for news again and again, while the page is in sight.
#[cfg(feature = "hydrate")]
fn watch(events: RwSignal<Vec<EventView>>) {
    use std::time::Duration;

    use gloo_timers::future::sleep;

    use super::session_events;

    const PAUSE: Duration = Duration::from_millis(700);

    let alive = StoredValue::new(());
    leptos::task::spawn_local(async move {
        while alive.try_get_value().is_some() {
            if !document().hidden() {
                let after =
                    events.with_untracked(|events| events.last().map_or(0, |last| last.number));
                // Without an answer, the next look asks for the same.
                if let Ok(news) = session_events(after).await
                    && !news.is_empty()
                    && alive.try_get_value().is_some()
                {
                    events.update(|events| events.extend(news));
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

/// What is drawn of an event.
fn steps(event: &EventView) -> Vec<Step> {
    let at = format!("{} UTC", time_of_day(event.at));
    let step = |from, to, label: String, tone| Step {
        from,
        to,
        label,
        note: at.clone(),
        tone,
    };
    let told = |words: &str| words.to_owned();
    match &event.what {
        What::Answered { route, generation } => vec![step(
            PAGE,
            SERVER,
            t!(session.answered, route = route, n = *generation).to_string(),
            Tone::Good,
        )],
        What::Stale { route } => vec![
            step(PAGE, SERVER, route.clone(), Tone::Plain),
            step(SERVER, PAGE, told("401 session_expired"), Tone::Bad),
        ],
        What::Renewed {
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
                step(SERVER, BROWSER, told(sent), Tone::Good),
            ]
        }
        What::ReplyLost => vec![step(SERVER, BROWSER, told(t!(session.lost)), Tone::Bad)],
        What::Copied { generation } => vec![step(
            BROWSER,
            BROWSER,
            t!(session.copied, n = *generation).to_string(),
            Tone::Bad,
        )],
        What::Replayed => vec![step(
            BROWSER,
            SERVER,
            told(t!(session.copy_used)),
            Tone::Bad,
        )],
        What::Ended { reason } => vec![
            step(SERVER, STORE, told(t!(session.ended)), Tone::Bad),
            step(SERVER, PAGE, told(end_text(*reason)), Tone::Bad),
        ],
        What::SignedOut => vec![
            step(PAGE, SERVER, told(t!(session.signs_out)), Tone::Plain),
            step(SERVER, STORE, told(t!(session.ended)), Tone::Good),
        ],
    }
}
