//! What the page asks for.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::form::{FORM, ONE_ENDED, OTHERS_ENDED};
#[cfg(feature = "ssr")]
use crate::address::account_path;
use crate::{client::SessionClient, error::AppError, view::SessionView};

/// How many sessions a page shows.
pub(super) const PAGE: usize = 50;

/// Where the account is signed in: this session first, then the newest, older than `after`. One more
/// than a page shows: it tells whether there is another page.
#[server(prefix = "/api", endpoint = "list_sessions", input = server_fn::codec::GetUrl, client = SessionClient)]
pub async fn list_sessions(
    /// The id of the last session of the page before.
    after: Option<String>,
) -> Result<Vec<SessionView>, AppError> {
    let request = crate::server::context::request()?;
    let limit = u32::try_from(PAGE + 1).unwrap_or(u32::MAX);
    let listed = super::server::list_sessions(&request, after.as_deref(), limit).await;
    request.respond(listed)
}

/// Ends one of the account's other sessions.
#[server(prefix = "/api", endpoint = "end_session", client = SessionClient)]
pub async fn end_session(
    /// Which, by its id.
    id: String,
) -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    let outcome = super::server::end_session(&request, &id).await;
    respond(&request, ONE_ENDED, outcome)
}

/// Ends all of the account's sessions but this one.
#[server(prefix = "/api", endpoint = "end_other_sessions", client = SessionClient)]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    let outcome = super::server::end_other_sessions(&request).await;
    respond(&request, OTHERS_ENDED, outcome)
}

#[cfg(feature = "ssr")]
fn respond(
    request: &crate::server::context::RequestContext,
    notice: crate::flash::Notice,
    outcome: Result<(), AppError>,
) -> Result<(), AppError> {
    let (page, nothing) = (account_path(FORM.path()), crate::flash::Typed::default());
    request.respond_to_form(&FORM, page, nothing, Some(notice), outcome)
}
