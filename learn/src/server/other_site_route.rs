//! The other site of `/learn/attacks`: a page that this machine serves under its other name, with a form
//! that would sign the visitor out here.

use axum::{
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use monban_axum::{AppState, Refusal, messages::text, refuse};
use monban_leptos::preferences::Language;
use serde::Deserialize;

use super::{Learning, other_site::other_site_document};
use crate::OTHER_SITE;

/// The query of the address.
#[derive(Debug, Default, Deserialize)]
pub struct OtherSiteQuery {
    /// The language of the page.
    #[serde(default)]
    language: Language,
}

/// The page, under the other name only: under this one its form would be of the same origin.
pub async fn other_site(
    learning: Learning,
    State(state): State<AppState>,
    query: Result<Query<OtherSiteQuery>, QueryRejection>,
    request: Request,
) -> Response {
    let Some(origin) = learning.other_site() else {
        return refuse(Refusal::Absent);
    };
    let host = text(request.headers(), header::HOST).unwrap_or_default();
    let OtherSiteQuery { language } = query.map(|Query(query)| query).unwrap_or_default();
    if origin
        .split_once("://")
        .is_none_or(|(_, name)| name != host)
    {
        let location = format!("{origin}{OTHER_SITE}?language={}", language.tag());
        return Redirect::temporary(&location).into_response();
    }
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action {}; base-uri 'none'; frame-ancestors 'none'",
        state.origin()
    );
    let Ok(policy) = HeaderValue::try_from(policy) else {
        return refuse(Refusal::Failed);
    };
    let page = other_site_document(state.origin(), origin, language, state.stylesheet());
    (
        [
            (header::CONTENT_SECURITY_POLICY, policy),
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        page,
    )
        .into_response()
}
