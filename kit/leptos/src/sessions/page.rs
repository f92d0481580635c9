//! `/account/sessions`: where one is signed in.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{
    api::{EndOtherSessions, EndSession, PAGE, list_sessions, page_of_list},
    form::FORM,
};
use crate::{
    components::{Failure, Instant, SignedIn},
    form::FormError,
    i18n::t,
    lazy::lazy_page,
    page::PageContext,
    session::SignOutButton,
    view::SessionView,
};

lazy_page!(
    SessionsPage,
    sessions_page,
    preload_sessions_page,
    view! {
        <Title text=t!(sessions.title)/>
        <SignedIn page=|_| view! { <SessionList/> }/>
    }
);

#[component]
fn SessionList() -> impl IntoView {
    let query = use_query_map();
    let after = move || query.read().get("after");
    let sessions = Resource::new_blocking(after, list_sessions);
    let error = PageContext::refused(FORM.id());
    view! {
        <div class="page">
            <h1>{t!(sessions.title)}</h1>
            <p class="lead">{t!(sessions.lead)}</p>
            <FormError error=Signal::stored(error)/>
            <Transition>
                {move || {
                    let after = after();
                    Suspend::new(async move {
                        match sessions.await {
                            Ok(sessions) => Either::Left(view! { <List sessions after/> }),
                            Err(error) => Either::Right(view! { <Failure error within=true/> }),
                        }
                    })
                }}
            </Transition>
        </div>
    }
}

#[component]
fn List(
    sessions: Vec<SessionView>,
    /// The id of the last session of the page before.
    after: Option<String>,
) -> impl IntoView {
    let first = after.is_none();
    let more = sessions.len() > PAGE;
    let mut sessions = sessions;
    sessions.truncate(PAGE);
    let last = sessions.last().map(|last| last.id.clone());
    let older = last.filter(|_| more);
    let others = !first || sessions.len() > 1;
    let nothing = sessions.is_empty();
    view! {
        <ul class="sessions">
            {sessions.into_iter().map(|session| view! { <SessionItem session after=after.clone()/> }).collect_view()}
        </ul>
        {nothing.then(|| view! { <p>{t!(sessions.no_older)}</p> })}
        {older.map(|last| view! {
            <p><a href=page_of_list(Some(&last))>{t!(sessions.older)}</a></p>
        })}
        {(!first).then(|| view! {
            <p><a href=page_of_list(None)>{t!(sessions.newest)}</a></p>
        })}
        {others.then(|| view! {
            <form method="post" action=EndOtherSessions::url()>
                <button type="submit" class="button">{t!(sessions.end_others)}</button>
            </form>
        })}
    }
}

/// One place. Its button posts a plain form: the list comes back as it then is.
#[component]
fn SessionItem(
    session: SessionView,
    /// Which page of the list it stands on.
    after: Option<String>,
) -> impl IntoView {
    let SessionView {
        id,
        device,
        browser,
        os,
        ip,
        signed_in_at,
        seen_at,
        current,
    } = session;
    let device = device.unwrap_or_else(|| {
        let browser = browser.unwrap_or_else(|| t!(sessions.unknown_browser).to_owned());
        let os = os.unwrap_or_else(|| t!(sessions.unknown_os).to_owned());
        t!(sessions.on, browser = browser, os = os)
    });
    let label_id = format!("session-{id}");
    view! {
        <li class="session" class:current=current>
            <div>
                <h2 id=label_id.clone()>{device}</h2>
                {current.then(|| view! { <p class="badge">{t!(sessions.this_device)}</p> })}
                <dl class="facts">
                    <dt>{t!(sessions.ip)}</dt><dd>{ip}</dd>
                    <dt>{t!(sessions.signed_in)}</dt><dd><Instant at=signed_in_at/></dd>
                    <dt>{t!(sessions.last_seen)}</dt><dd><Instant at=seen_at/></dd>
                </dl>
            </div>
            {if current {
                Either::Left(view! { <SignOutButton class="button" label=t!(sessions.end_here) described_by=label_id/> })
            } else {
                Either::Right(view! {
                    <form method="post" action=EndSession::url()>
                        <input type="hidden" name="id" value=id/>
                        {after.map(|after| view! { <input type="hidden" name="after" value=after/> })}
                        <button type="submit" class="button" aria-describedby=label_id>{t!(sessions.end)}</button>
                    </form>
                })
            }}
        </li>
    }
}
