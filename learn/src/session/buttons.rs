//! What one can do to one's own session. Each button is a real event.

use futures::future::join_all;
use leptos::prelude::*;

use super::{drop_next_reply, expire_access, replay_refresh};
use crate::{NeedsScript, i18n::t};
use monban_leptos::{error::AppError, pages::rotate_keys, session::who_am_i};

/// What is done.
#[derive(Clone, Copy, PartialEq)]
enum Deed {
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
    /// Called when something was done.
    done: Callback<()>,
) -> impl IntoView {
    let act = Action::new_local(|deed: &Deed| carry_out(*deed));
    let warned = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(Ok(deed)) = act.value().get()
            && deed != Deed::Replay
        {
            done.run(());
        }
    });
    let button = move |deed, label| {
        view! {
            <button
                type="button"
                class="button"
                aria-disabled=move || act.pending().get().then_some("true")
                on:click=move |_| { if !act.pending().get_untracked() { act.dispatch(deed); } }
            >{label}</button>
        }
    };
    view! {
        <section class="stage" aria-labelledby="deeds">
            <h3 id="deeds">{t!(session.deeds)}</h3>
            <p class="buttons">
                {button(Deed::Call, t!(session.call))}
                {button(Deed::Expire, t!(session.expire))}
                {button(Deed::FiveCalls, t!(session.five))}
                {button(Deed::LoseReply, t!(session.lose))}
                <a class="button" href="/account" target="_blank" rel="external">{t!(session.second_tab)}</a>
                {is_admin.then(|| button(Deed::RotateKeys, t!(session.rotate_keys)))}
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
                <p class="buttons">{button(Deed::Replay, t!(session.replay_yes))}</p>
            </div>
            <p aria-live="polite" class="hint">
                {move || act.value().get().map(|outcome| match outcome {
                    Ok(Deed::Replay) => t!(session.replayed),
                    Ok(_) => t!(session.done),
                    Err(_) => t!(failed),
                })}
            </p>
            <NeedsScript/>
        </section>
    }
}

async fn carry_out(deed: Deed) -> Result<Deed, AppError> {
    match deed {
        Deed::Call => call().await?,
        Deed::Expire => expire_access().await?,
        Deed::FiveCalls => {
            expire_access().await?;
            let calls = join_all((0..5).map(|_| call())).await;
            calls.into_iter().collect::<Result<(), _>>()?;
        }
        Deed::LoseReply => {
            drop_next_reply().await?;
            expire_access().await?;
            call().await?;
        }
        Deed::Replay => replay_refresh().await?,
        Deed::RotateKeys => rotate_keys().await?,
    }
    Ok(deed)
}

/// A protected function, as any page calls it.
async fn call() -> Result<(), AppError> {
    who_am_i().await.map(|_| ())
}
