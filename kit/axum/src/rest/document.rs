//! The `OpenAPI` document: what stands around the operations, and where it can be read.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderName, HeaderValue, header},
    response::Html,
    routing::get,
};
use utoipa::{
    OpenApi as _,
    openapi::{
        OpenApi, Server,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{problem::FieldError, problem_document::ProblemDocument, reference};
use crate::state::AppState;

/// The document is the same for all clients, and changes with the version only.
const CACHE_BRIEFLY: (HeaderName, HeaderValue) = (
    header::CACHE_CONTROL,
    HeaderValue::from_static("public, max-age=300"),
);

/// Any page may read it: it is public, and nothing of the reader's goes into it.
const ANY_ORIGIN: (HeaderName, HeaderValue) = (
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    HeaderValue::from_static("*"),
);

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Monban",
        description = "Accounts and sessions for native and machine clients. JSON in UTF-8; Bearer \
            tokens (RFC 6750), never cookies; errors are problem details (RFC 9457) with a stable \
            `code`.",
    ),
    tags(
        (name = "sessions", description = "Sign in, refresh, list and end sessions, sign out."),
        (name = "accounts", description = "Create an account, read it and change it."),
        (name = "keys", description = "The keys that sign access tokens."),
    ),
    components(schemas(ProblemDocument<'static>, FieldError)),
)]
struct Head;

/// The document without any operation.
pub fn head() -> OpenApi {
    let mut head = Head::openapi();
    env!("CARGO_PKG_VERSION").clone_into(&mut head.info.version);
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.bearer_format = Some("JWT".to_owned());
    bearer.description = Some("The access token of a session that this API started.".to_owned());
    head.components
        .get_or_insert_default()
        .add_security_scheme("bearer", SecurityScheme::Http(bearer));
    head
}

/// Where the document can be read: by machines at `/api/openapi.json`, by people at `/api/docs`.
pub fn reading(mut document: OpenApi, state: &AppState) -> Router<AppState> {
    document.servers = Some(vec![Server::new(&*state.origin)]);
    let page = reference::page(&document, &state.assets.css);
    let json = Bytes::from(document.to_json().unwrap_or_default());
    let json_type = (
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    Router::new()
        .route(
            "/api/openapi.json",
            get(async move || ([CACHE_BRIEFLY, json_type, ANY_ORIGIN], json.clone())),
        )
        .route(
            "/api/docs",
            get(async move || ([CACHE_BRIEFLY], Html(page.clone()))),
        )
}
