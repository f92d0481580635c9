//! `/account/sessions`: where one is signed in.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use crate::{
    client::SessionClient,
    components::{Failure, Instant, Note, SignedIn},
    error::AppError,
    flash::{FormId, Notice},
    form::{FormError, SubmitButton},
    page::PageContext,
    session::SignOut,
    view::SessionView,
    words::text,
};

/// Where the account is signed in.
#[server(prefix = "/api", endpoint = "list_sessions", input = server_fn::codec::GetUrl, client = SessionClient)]
pub async fn list_sessions() -> Result<Vec<SessionView>, AppError> {
    let request = crate::server::request()?;
    request.answer(crate::server::accounts::list_sessions(&request).await)
}

/// Ends one of the account's other sessions.
#[server(prefix = "/api", endpoint = "end_session", client = SessionClient)]
pub async fn end_session(id: String) -> Result<(), AppError> {
    let request = crate::server::request()?;
    let outcome = crate::server::accounts::end_session(&request, &id).await;
    let notice = Some(Notice::DeviceSignedOut);
    request.answer_form(FormId::Sessions, "/account/sessions", Default::default(), notice, outcome)
}

/// Ends all of the account's sessions but this one.
#[server(prefix = "/api", endpoint = "end_other_sessions", client = SessionClient)]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let request = crate::server::request()?;
    let outcome = crate::server::accounts::end_other_sessions(&request).await;
    let notice = Some(Notice::OthersSignedOut);
    request.answer_form(FormId::Sessions, "/account/sessions", Default::default(), notice, outcome)
}

#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    view! {
        <Title text=text!(sessions.title)/>
        <SignedIn page=|_| view! { <SessionList/> }/>
    }
}

#[component]
fn SessionList() -> impl IntoView {
    let end = ServerAction::<EndSession>::new();
    let end_others = ServerAction::<EndOtherSessions>::new();
    let sessions = Resource::new_blocking(
        move || (end.version().get(), end_others.version().get()),
        |_| list_sessions(),
    );
    let before = PageContext::refused(FormId::Sessions).map(|refused| refused.error);
    let error = Signal::derive(move || match (end.value().get(), end_others.value().get()) {
        (Some(Err(error)), _) | (_, Some(Err(error))) => Some(error),
        (None, None) => before.clone(),
        _ => None,
    });
    let notice = Signal::derive(move || match (end.value().get(), end_others.value().get()) {
        (_, Some(Ok(()))) => Some(Notice::OthersSignedOut),
        (Some(Ok(())), _) => Some(Notice::DeviceSignedOut),
        _ => None,
    });
    let pending = Signal::from(end_others.pending());
    view! {
        <div class="page">
            <h1>{text!(sessions.title)}</h1>
            <p class="lead">{text!(sessions.lead)}</p>
            <FormError error/>
            <Note notice/>
            <Transition>
                {move || Suspend::new(async move {
                    match sessions.await {
                        Ok(sessions) => {
                            let others = sessions.len() > 1;
                            view! {
                                <ul class="sessions">
                                    {sessions.into_iter().map(|session| view! { <SessionItem session end/> }).collect_view()}
                                </ul>
                                {others.then(|| view! {
                                    <ActionForm action=end_others>
                                        <SubmitButton pending class="button" label=text!(sessions.end_others)/>
                                    </ActionForm>
                                })}
                            }
                            .into_any()
                        }
                        Err(error) => view! { <Failure error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn SessionItem(session: SessionView, end: ServerAction<EndSession>) -> impl IntoView {
    let SessionView { id, browser, os, ip, signed_in_at, seen_at, current } = session;
    let browser = browser.unwrap_or_else(|| text!(sessions.unknown_browser).to_owned());
    let os = os.unwrap_or_else(|| text!(sessions.unknown_os).to_owned());
    let device = text!(sessions.on, browser = browser, os = os).to_string();
    let label_id = format!("session-{id}");
    let sign_out = ServerAction::<SignOut>::new();
    view! {
        <li class="session" class:current=current>
            <div>
                <h2 id=label_id.clone()>{device}</h2>
                {current.then(|| view! { <p class="badge">{text!(sessions.this_device)}</p> })}
                <dl class="facts">
                    <dt>{text!(sessions.ip)}</dt><dd>{ip}</dd>
                    <dt>{text!(sessions.signed_in)}</dt><dd><Instant at=signed_in_at/></dd>
                    <dt>{text!(sessions.last_seen)}</dt><dd><Instant at=seen_at/></dd>
                </dl>
            </div>
            {if current {
                view! {
                    <ActionForm action=sign_out>
                        <button type="submit" class="button" aria-describedby=label_id>{text!(sessions.end_here)}</button>
                    </ActionForm>
                }
                .into_any()
            } else {
                view! {
                    <ActionForm action=end>
                        <input type="hidden" name="id" value=id/>
                        <button type="submit" class="button" aria-describedby=label_id>{text!(sessions.end)}</button>
                    </ActionForm>
                }
                .into_any()
            }}
        </li>
    }
}
