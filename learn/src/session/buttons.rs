//! The experiments on the visitor's own session. Each button performs a real one.

use futures::future::join_all;
use leptos::prelude::*;

use super::{drop_next_reply, expire_access, replay_refresh};
use crate::{NeedsScript, i18n::t};
use monban_leptos::{error::AppError, pages::rotate_keys, session::who_am_i};

/// What a button does.
#[derive(Clone, Copy, PartialEq)]
enum Experiment {
    Call,
    Expire,
    FiveCalls,
    LoseReply,
    Replay,
    RotateKeys,
}

#[component]
pub(super) fn Buttons(
    /// Whether the visitor may rotate keys.
    is_admin: bool,
    /// Called when an experiment is done that does not end the session.
    done: Callback<()>,
) -> impl IntoView {
    let act = Action::new_local(|experiment: &Experiment| perform(*experiment));
    let warned = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(Ok(experiment)) = act.value().get()
            && experiment != Experiment::Replay
        {
            done.run(());
        }
    });
    let button = move |experiment, label| {
        view! {
            <button
                type="button"
                class="button"
                aria-disabled=move || act.pending().get().then_some("true")
                on:click=move |_| { if !act.pending().get_untracked() { act.dispatch(experiment); } }
            >{label}</button>
        }
    };
    view! {
        <section class="panel" aria-labelledby="experiments">
            <h3 id="experiments">{t!(session.experiments)}</h3>
            <p class="buttons">
                {button(Experiment::Call, t!(session.call))}
                {button(Experiment::Expire, t!(session.expire))}
                {button(Experiment::FiveCalls, t!(session.five))}
                {button(Experiment::LoseReply, t!(session.lose))}
                <a class="button" href="/account" target="_blank" rel="external">{t!(session.second_tab)}</a>
                {is_admin.then(|| button(Experiment::RotateKeys, t!(session.rotate_keys)))}
            </p>
            <p class="buttons">
                <button
                    type="button"
                    class="button"
                    aria-expanded=move || warned.get().to_string()
                    aria-controls="replay-warning"
                    on:click=move |_| warned.update(|warned| *warned = !*warned)
                >{t!(session.replay)}</button>
            </p>
            <div id="replay-warning" class="notice warning" hidden=move || !warned.get()>
                <p>{t!(session.replay_warning)}</p>
                <p class="buttons">{button(Experiment::Replay, t!(session.replay_yes))}</p>
            </div>
            <p aria-live="polite" class="hint">
                {move || act.value().get().map(|outcome| match outcome {
                    Ok(Experiment::Replay) => t!(session.replayed),
                    Ok(_) => t!(session.done),
                    Err(_) => t!(failed),
                })}
            </p>
            <NeedsScript/>
        </section>
    }
}

async fn perform(experiment: Experiment) -> Result<Experiment, AppError> {
    match experiment {
        Experiment::Call => call().await?,
        Experiment::Expire => expire_access().await?,
        Experiment::FiveCalls => {
            expire_access().await?;
            let calls = join_all((0..5).map(|_| call())).await;
            calls.into_iter().collect::<Result<(), _>>()?;
        }
        Experiment::LoseReply => {
            drop_next_reply().await?;
            expire_access().await?;
            call().await?;
        }
        Experiment::Replay => replay_refresh().await?,
        Experiment::RotateKeys => rotate_keys().await?,
    }
    Ok(experiment)
}

/// Calls a protected function, as any page does.
async fn call() -> Result<(), AppError> {
    who_am_i().await.map(|_| ())
}
