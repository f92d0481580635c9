//! What the page asks for.

use leptos::prelude::*;

use super::form::FORM;
#[cfg(feature = "ssr")]
use super::form::{ONE_ENDED, OTHERS_ENDED};
use crate::{address::account_path, client::SessionClient, error::AppError, view::SessionView};

/// How many sessions a page shows.
pub(super) const PAGE: usize = 50;

/// The address of a page of the list: the sessions older than `after`, or the first.
pub(super) fn page_of_list(after: Option<&str>) -> String {
    let list = account_path(FORM.path());
    match after {
        Some(after) => [&*list, "?after=", after].concat(),
        None => list,
    }
}

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
    /// Which page of the list it stood on, as for [`list_sessions`].
    after: Option<String>,
) -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    let outcome = super::server::end_session(&request, &id).await;
    let after = super::server::page_after(&request, after.as_deref()).await;
    respond(&request, after.as_deref(), ONE_ENDED, outcome)
}

/// Ends all of the account's sessions but this one.
#[server(prefix = "/api", endpoint = "end_other_sessions", client = SessionClient)]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    let outcome = super::server::end_other_sessions(&request).await;
    respond(&request, None, OTHERS_ENDED, outcome)
}

#[cfg(feature = "ssr")]
fn respond(
    request: &crate::server::context::RequestContext,
    after: Option<&str>,
    notice: crate::flash::Notice,
    outcome: Result<(), AppError>,
) -> Result<(), AppError> {
    let nothing = crate::flash::Typed::default();
    let page = page_of_list(after);
    request.respond_to_form(&FORM, page, nothing, Some(notice), outcome)
}
