//! `/account/sessions`: where one is signed in.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::{
    client::SessionClient,
    components::{Failure, Instant, SignOutButton, SignedIn},
    error::AppError,
    flash::FormId,
    form::FormError,
    lazy::lazy_page,
    page::PageContext,
    view::SessionView,
    words::text,
};

/// How many sessions a page shows.
const PAGE: usize = 50;

/// Where the account is signed in: this session first, then the newest, older than `after`. One more
/// than a page shows: it tells whether there is another page.
#[server(prefix = "/api", endpoint = "list_sessions", input = server_fn::codec::GetUrl, client = SessionClient)]
pub async fn list_sessions(
    /// The id of the last session of the page before.
    after: Option<String>,
) -> Result<Vec<SessionView>, AppError> {
    let request = crate::server::request()?;
    let limit = u32::try_from(PAGE + 1).unwrap_or(u32::MAX);
    let listed = crate::server::accounts::list_sessions(&request, after.as_deref(), limit).await;
    request.respond(listed)
}

/// Ends one of the account's other sessions.
#[server(prefix = "/api", endpoint = "end_session", client = SessionClient)]
pub async fn end_session(
    /// Which, by its id.
    id: String,
) -> Result<(), AppError> {
    let request = crate::server::request()?;
    let outcome = crate::server::accounts::end_session(&request, &id).await;
    answer(&request, crate::flash::Notice::DeviceSignedOut, outcome)
}

/// Ends all of the account's sessions but this one.
#[server(prefix = "/api", endpoint = "end_other_sessions", client = SessionClient)]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let request = crate::server::request()?;
    let outcome = crate::server::accounts::end_other_sessions(&request).await;
    answer(&request, crate::flash::Notice::OthersSignedOut, outcome)
}

#[cfg(feature = "ssr")]
fn answer(
    request: &crate::server::RequestContext,
    notice: crate::flash::Notice,
    outcome: Result<(), AppError>,
) -> Result<(), AppError> {
    let (page, nothing) = ("/account/sessions", crate::flash::Typed::default());
    request.respond_to_form(FormId::Sessions, page, nothing, Some(notice), outcome)
}

lazy_page!(
    SessionsPage,
    sessions_page,
    preload_sessions_page,
    view! {
        <Title text=text!(sessions.title)/>
        <SignedIn page=|_| view! { <SessionList/> }/>
    }
);

#[component]
fn SessionList() -> impl IntoView {
    let query = use_query_map();
    let after = move || query.read().get("after");
    let sessions = Resource::new_blocking(after, list_sessions);
    let error = PageContext::refused(FormId::Sessions).map(|refused| refused.error);
    view! {
        <div class="page">
            <h1>{text!(sessions.title)}</h1>
            <p class="lead">{text!(sessions.lead)}</p>
            <FormError error=Signal::stored(error)/>
            <Transition>
                {move || {
                    let first = after().is_none();
                    Suspend::new(async move {
                        match sessions.await {
                            Ok(sessions) => Either::Left(view! { <List sessions first/> }),
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
    /// Whether it is the first page.
    first: bool,
) -> impl IntoView {
    let more = sessions.len() > PAGE;
    let mut sessions = sessions;
    sessions.truncate(PAGE);
    let last = sessions.last().map(|last| last.id.clone());
    let older = last.filter(|_| more);
    let others = !first || sessions.len() > 1;
    let nothing = sessions.is_empty();
    view! {
        <ul class="sessions">
            {sessions.into_iter().map(|session| view! { <SessionItem session/> }).collect_view()}
        </ul>
        {nothing.then(|| view! { <p>{text!(sessions.no_older)}</p> })}
        {older.map(|last| view! {
            <p><a href=format!("/account/sessions?after={last}")>{text!(sessions.older)}</a></p>
        })}
        {(!first).then(|| view! {
            <p><a href="/account/sessions">{text!(sessions.newest)}</a></p>
        })}
        {others.then(|| view! {
            <form method="post" action=EndOtherSessions::url()>
                <button type="submit" class="button">{text!(sessions.end_others)}</button>
            </form>
        })}
    }
}

/// One place. Its button posts a plain form: the list comes back as it then is.
#[component]
fn SessionItem(session: SessionView) -> impl IntoView {
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
        let browser = browser.unwrap_or_else(|| text!(sessions.unknown_browser).to_owned());
        let os = os.unwrap_or_else(|| text!(sessions.unknown_os).to_owned());
        text!(sessions.on, browser = browser, os = os).to_string()
    });
    let label_id = format!("session-{id}");
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
                Either::Left(view! { <SignOutButton class="button" label=text!(sessions.end_here) described_by=label_id/> })
            } else {
                Either::Right(view! {
                    <form method="post" action=EndSession::url()>
                        <input type="hidden" name="id" value=id/>
                        <button type="submit" class="button" aria-describedby=label_id>{text!(sessions.end)}</button>
                    </form>
                })
            }}
        </li>
    }
}
