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
    /// The access cookie and the refresh cookie.
    pub cookies: Vec<CookieView>,
    /// What the access token says, laid out.
    pub access: String,
    /// What the refresh token says.
    pub refresh: Option<String>,
    /// What the table says.
    pub row: RowView,
}

/// A cookie, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CookieView {
    /// Its name.
    pub name: String,
    /// What the browser was told about it.
    pub attributes: String,
    /// How long name and value are.
    pub bytes: usize,
    /// When its token was issued, and with it the cookie set.
    pub set_at: InstantView,
    /// When the browser lets go of it (`Max-Age`); `None` if that is when it closes.
    pub kept_until: Option<InstantView>,
}

/// The session's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// The generation that is current.
    pub generation: i64,
    /// Since when.
    pub rotated_at: InstantView,
    /// Whether a request has come with it: proof that its reply arrived.
    pub seen: bool,
    /// When the person signed in.
    pub signed_in_at: InstantView,
    /// When it ends if nothing refreshes it.
    pub idle_expires_at: InstantView,
    /// When it ends whatever happens.
    pub absolute_expires_at: InstantView,
}

/// Something that happened to the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// Its number, from 1.
    pub number: u64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What.
    pub what: What,
}

/// What can happen to a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A request came with a good access token.
    Answered {
        /// To which route.
        route: String,
        /// Of which generation the token was.
        generation: i64,
    },
    /// A request came without one, and was told to renew first.
    Stale {
        /// To which route.
        route: String,
    },
    /// A new pair was handed out.
    Renewed {
        /// Of which generation.
        generation: i64,
        /// Whether it was handed out before.
        repeated: bool,
        /// Whether the page was rendered in the same response.
        before_rendering: bool,
    },
    /// The reply with the new pair was lost.
    ReplyLost,
    /// Somebody made a copy of the refresh token.
    Copied {
        /// Of which generation.
        generation: i64,
    },
    /// The copy was used.
    Replayed,
    /// The session is over.
    Ended {
        /// Why.
        reason: EndReason,
    },
    /// The person signed out.
    SignedOut,
}

impl What {
    /// That pair was handed out.
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

/// What happened to the session since that event. Through the plain client: to watch must not renew.
#[server(prefix = "/api/learn", endpoint = "session_events", input = server_fn::codec::GetUrl)]
pub async fn session_events(after: u64) -> Result<Vec<EventView>, AppError> {
    let request = monban_leptos::server::request()?;
    Ok(crate::server::session::events(&request, after))
}

/// Removes the access cookie, as the browser does when its time is over.
#[server(prefix = "/api/learn", endpoint = "expire_access", client = SessionClient)]
pub async fn expire_access() -> Result<(), AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(request.session.expire_access())
}

/// Lets the reply with the next pair get lost.
#[server(prefix = "/api/learn", endpoint = "drop_next_reply", client = SessionClient)]
pub async fn drop_next_reply() -> Result<(), AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::session::drop_next_reply(&request))
}

/// Uses a copy of the refresh token after its owner has gone on. Ends the session.
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
                Some(account) => Either::Left(view! { <Live is_admin=account.has_role(ADMIN)/> }),
                None => Either::Right(view! { <Stranger/> }),
            }}
            <Prose topic=Topic::Session section="sources"/>
        </Lesson>
    }
}

#[component]
fn Stranger() -> impl IntoView {
    view! {
        <section class="stage">
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
fn Live(is_admin: bool) -> impl IntoView {
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
