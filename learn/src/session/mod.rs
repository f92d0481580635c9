//! `/learn/session`: the visitor's own session, live.

mod buttons;
mod look;
mod timeline;

use leptos::{either::Either, prelude::*};
use serde::{Deserialize, Serialize};

use self::{buttons::Buttons, look::Look, timeline::Events};
use super::{Lesson, Prose, Topic};
use crate::i18n::t;
use monban_leptos::{
    client::SessionClient,
    components::Failure,
    error::{AppError, EndReason},
    page::CurrentAccount,
    view::{ADMIN, InstantView},
};

/// The session as the server sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLook {
    /// The access cookie and the refresh cookie, in this order.
    pub cookies: Vec<CookieView>,
    /// The claims of the access token, as indented JSON.
    pub access: String,
    /// The claims of the refresh token, as indented JSON.
    pub refresh: Option<String>,
    /// The session's row.
    pub row: RowView,
}

/// A cookie, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CookieView {
    /// The name of the cookie.
    pub name: String,
    /// The attributes with which it was set.
    pub attributes: String,
    /// The length of its name and value together.
    pub bytes: usize,
    /// The instant at which its token was issued and the cookie was set.
    pub set_at: InstantView,
    /// The instant at which the browser removes it (`Max-Age`); `None` if it does when it closes.
    pub kept_until: Option<InstantView>,
}

/// The session's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// The current generation.
    pub generation: i64,
    /// The instant at which that generation became current.
    pub rotated_at: InstantView,
    /// Whether a request has used that generation: proof that the reply with it arrived.
    pub seen: bool,
    /// The instant of the sign-in.
    pub signed_in_at: InstantView,
    /// The instant at which the session ends if nothing refreshes it.
    pub idle_expires_at: InstantView,
    /// The instant at which the session ends in any case.
    pub absolute_expires_at: InstantView,
}

/// An event of the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// The number of the event, from 1.
    pub number: u64,
    /// The time of the event, in milliseconds since 1970.
    pub at: i64,
    /// The kind of event, with its data.
    pub kind: EventKind,
}

/// The kinds of events of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A request with a valid access token was answered.
    Answered {
        /// The route of the request.
        route: String,
        /// The generation of its token.
        generation: i64,
    },
    /// A request without a valid access token was told to renew first.
    Stale {
        /// The route of the request.
        route: String,
    },
    /// A pair of tokens was handed out.
    Renewed {
        /// The generation of the pair.
        generation: i64,
        /// Whether this generation was handed out before.
        repeated: bool,
        /// Whether the page was rendered in the same response.
        before_rendering: bool,
    },
    /// The reply with the new pair was lost.
    ReplyLost,
    /// The refresh token was copied.
    Copied {
        /// The generation of the copied token.
        generation: i64,
    },
    /// The copy was used.
    Replayed,
    /// The session is over.
    Ended {
        /// The reason why it ended.
        reason: EndReason,
    },
    /// The person signed out.
    SignedOut,
}

impl EventKind {
    /// The event that this pair was handed out.
    #[cfg(feature = "ssr")]
    pub fn renewed(pair: &monban_auth::TokenPair, before_rendering: bool) -> Self {
        Self::Renewed {
            generation: pair.session.generation.get(),
            repeated: pair.repeated,
            before_rendering,
        }
    }
}

/// The session as the server sees it.
#[server(prefix = "/api/learn", endpoint = "look_at_session", input = server_fn::codec::GetUrl, client = SessionClient)]
pub async fn look_at_session() -> Result<SessionLook, AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::session::look(&request).await)
}

/// The events of the session after that number. Through the plain client, because polling must not renew
/// the session.
#[server(prefix = "/api/learn", endpoint = "session_events", input = server_fn::codec::GetUrl)]
pub async fn session_events(after: u64) -> Result<Vec<EventView>, AppError> {
    let request = monban_leptos::server::request()?;
    Ok(crate::server::session::events(&request, after))
}

/// Removes the access cookie, as the browser does when it expires.
#[server(prefix = "/api/learn", endpoint = "expire_access", client = SessionClient)]
pub async fn expire_access() -> Result<(), AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(request.session.expire_access())
}

/// Drops the next reply that carries a new pair of tokens.
#[server(prefix = "/api/learn", endpoint = "drop_next_reply", client = SessionClient)]
pub async fn drop_next_reply() -> Result<(), AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::session::drop_next_reply(&request))
}

/// Presents a copy of the refresh token after its owner has renewed. Ends the session.
#[server(prefix = "/api/learn", endpoint = "replay_refresh", client = SessionClient)]
pub async fn replay_refresh() -> Result<(), AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::session::replay(&request).await)
}

#[component]
pub(super) fn SessionPage() -> impl IntoView {
    let account = CurrentAccount::get().get_untracked();
    view! {
        <Lesson topic=Topic::Session>
            <Prose topic=Topic::Session section=""/>
            {match account {
                Some(account) => Either::Left(view! { <LiveSession is_admin=account.has_role(ADMIN)/> }),
                None => Either::Right(view! { <SignedOut/> }),
            }}
            <Prose topic=Topic::Session section="sources"/>
        </Lesson>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    view! {
        <section class="panel">
            <p>{t!(session.sign_in_first)}</p>
            <p class="buttons">
                <a class="button primary" href="/sign-in?next=/learn/session">{t!(session.sign_in)}</a>
                <a class="button" href="/sign-up">{t!(session.sign_up)}</a>
            </p>
        </section>
        <Prose topic=Topic::Session section="cookies"/>
        <Prose topic=Topic::Session section="live"/>
    }
}

#[component]
fn LiveSession(is_admin: bool) -> impl IntoView {
    let look = Resource::new_blocking(|| (), |()| look_at_session());
    view! {
        <Prose topic=Topic::Session section="cookies"/>
        <Transition>
            {move || Suspend::new(async move {
                match look.await {
                    Ok(look) => Either::Left(view! { <Look look/> }),
                    Err(error) => Either::Right(view! { <Failure error/> }),
                }
            })}
        </Transition>
        <Prose topic=Topic::Session section="live"/>
        <Buttons is_admin done=Callback::new(move |()| look.refetch())/>
        <Events/>
    }
}
