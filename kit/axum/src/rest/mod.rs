//! The REST API for native and machine clients, under `/api/v1`: the same accounts and sessions as
//! the pages, over JSON, with Bearer tokens (RFC 6750).
//!
//! It reads no cookie and sets none, so it stands outside the session middleware and needs no check
//! of the origin: what a browser adds by itself means nothing here. Its tokens have an audience of
//! their own and are refused in cookies, as those of cookies are here.
//!
//! - `api`: every route, each with its part of the `OpenAPI` document, from one list;
//! - `Problem`: everything that it answers instead of a result, from one table;
//! - `render_problems`: the layer that turns a problem into a document (RFC 9457).
//!
//! A handler reads: parse, ask the core, answer. It holds no rule.

mod accounts;
mod code;
mod cors;
mod document;
mod input;
mod keys;
mod problem;
mod problem_document;
mod reference;
mod responses;
mod sessions;
mod view;

use axum::{Router, routing::any};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::code::Code;
pub(crate) use self::{
    cors::allow_origins, document::reading, problem::Problem, problem_document::render_problems,
};
use crate::state::AppState;

/// Where the API is mounted.
pub const ROOT: &str = "/api/v1";

/// The document that describes the API, as the list of its routes makes it.
pub fn openapi() -> OpenApi {
    api().1
}

/// The routes and the document that describes them.
pub(crate) fn api() -> (Router<AppState>, OpenApi) {
    let routes = OpenApiRouter::with_openapi(document::head())
        .routes(routes!(accounts::create_account))
        .routes(routes!(accounts::show_account, accounts::rename_account))
        .routes(routes!(
            sessions::sign_in,
            sessions::list_sessions,
            sessions::end_other_sessions
        ))
        .routes(routes!(sessions::refresh))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::end_session))
        .routes(routes!(sessions::who_am_i))
        .routes(routes!(keys::list_keys));
    let (routes, document) = routes.split_for_parts();
    // Whatever else is asked for down here is this API's to refuse, and not a page's.
    let routes = routes
        .method_not_allowed_fallback(async || Problem::from(Code::MethodNotAllowed))
        .route(ROOT, any(nothing_here))
        .route(&format!("{ROOT}/"), any(nothing_here))
        .route(&format!("{ROOT}/{{*path}}"), any(nothing_here));
    (routes, document)
}

async fn nothing_here() -> Problem {
    Code::NotFound.into()
}
