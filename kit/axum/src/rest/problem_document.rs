//! The layer around the API: problems as documents (RFC 9457), and what all responses have in common.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use monban_leptos::error::EndReason;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    code::Code,
    problem::{FieldError, Problem},
};
use crate::{
    http::{
        body::limit_body,
        errors::{self, Refusal},
        log::RequestId,
        well_formed::check_host,
    },
    state::AppState,
};

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument<'a> {
    /// Where the reference explains the code.
    #[schema(format = "uri-reference", example = "/api/docs#session_ended")]
    r#type: String,
    /// What went wrong, in words.
    #[schema(example = "The session is over")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 401)]
    status: u16,
    /// What went wrong, as a stable name.
    code: Code,
    /// What to do next, in words.
    detail: &'static str,
    /// The fields that are not acceptable, if that is the problem.
    errors: &'a [FieldError],
    /// Why the session ended, if it has: `signed_out`, `revoked`, `replaced`, `reused`, `idle`,
    /// `expired`, `account_disabled`, `session_limit` or `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    reason: Option<EndReason>,
    /// The id of the request in the server's log.
    #[schema(format = "uuid")]
    request_id: &'a str,
}

/// Writes the document of a problem, be it a handler's, a layer's, a panic or a time-out, and keeps
/// caches away: an answer holds tokens (RFC 6749 §5.1) or personal data.
pub async fn render_problems(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let request_id = RequestId::of(&request);
    let work = async {
        let checked = match check_host(&request) {
            Ok(()) => limit_body(request, state.body_limit).await,
            Err(refusal) => Err(refusal),
        };
        match checked {
            Ok(request) => next.run(request).await,
            Err(refusal) => errors::refuse(refusal),
        }
    };
    let mut response = errors::attempt(state.request_timeout, work).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        response = Problem::from(refusal).into_response();
    }
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        write(&mut response, &problem, &request_id.to_string());
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn write(response: &mut Response, problem: &Problem, request_id: &str) {
    let document = ProblemDocument {
        r#type: format!("/api/docs#{}", problem.code.name()),
        title: problem.code.title(),
        status: problem.code.status().as_u16(),
        code: problem.code,
        detail: problem.code.detail(),
        errors: &problem.errors,
        reason: problem.reason,
        request_id,
    };
    let body = serde_json::to_vec(&document).unwrap_or_default();
    *response.body_mut() = Body::from(body);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
}
