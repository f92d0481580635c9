//! What a person, or a program, gets when a request cannot be answered.
//!
//! Inner layers only [`refuse`]; this outermost one turns that, a panic or a time-out into a page
//! that helps or into a code, whichever the client can use. No cause leaves the server.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    middleware::Next,
};
use futures::FutureExt;
use monban_leptos::{
    error::CODE_HEADER,
    i18n::Texts,
    server::{PageError, error_document},
};
use server_fn::error::SERVER_FN_ERROR_HEADER;
use tokio::time;

use super::{
    cookies::Cookies,
    log::RequestId,
    request::{self, Kind},
    well_formed::check_host,
};
use crate::state::AppState;

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It came from another site.
    CrossSite,
    /// Two sign-ins came with it, and only one can be the person's.
    CookieConflict,
    /// It breaks the rules of HTTP.
    Malformed,
    /// Its body is of a type that is not read here.
    UnsupportedMediaType,
    /// Its body is too large.
    TooLarge,
    /// Its arguments cannot be read.
    Unreadable,
    /// There is no such thing.
    Absent,
    /// Nothing is there for that method.
    WrongMethod,
    /// It took too long.
    TimedOut,
    /// The database does not answer.
    Unavailable,
    /// The server failed.
    Failed,
}

impl Refusal {
    const fn status(self) -> StatusCode {
        match self {
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::CookieConflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed | Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Absent => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TimedOut | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The codes are those of the server functions.
    const fn body(self) -> &'static str {
        match self {
            Self::CrossSite
            | Self::Malformed
            | Self::UnsupportedMediaType
            | Self::TooLarge
            | Self::Unreadable
            | Self::Absent
            | Self::WrongMethod => r#"{"code":"bad_request"}"#,
            Self::CookieConflict => r#"{"code":"cookie_conflict"}"#,
            Self::TimedOut | Self::Unavailable => r#"{"code":"busy"}"#,
            Self::Failed => r#"{"code":"internal"}"#,
        }
    }

    const fn page(self) -> PageError {
        match self {
            Self::CrossSite => PageError::Refused,
            Self::Malformed | Self::UnsupportedMediaType | Self::Unreadable => {
                PageError::Unreadable
            }
            Self::Absent | Self::WrongMethod => PageError::Absent,
            Self::CookieConflict => PageError::CookieConflict,
            Self::TooLarge => PageError::TooLarge,
            Self::TimedOut | Self::Unavailable | Self::Failed => PageError::Failed,
        }
    }
}

/// A response that says only why; the outermost layer gives it a body.
pub fn refuse(refusal: Refusal) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = refusal.status();
    response.extensions_mut().insert(refusal);
    response
}

/// Lets the inner layers work, for so long. A panic and a time-out are refusals like any other.
pub async fn attempt(
    within: Duration,
    work: impl Future<Output = Response<Body>>,
) -> Response<Body> {
    let work = AssertUnwindSafe(work).catch_unwind();
    match time::timeout(within, work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => refuse(Refusal::Failed),
        Err(_) => refuse(Refusal::TimedOut),
    }
}

/// What says in which language and look to answer.
const HOW_ASKED: [HeaderName; 2] = [header::ACCEPT_LANGUAGE, header::COOKIE];

/// Answers what the inner layers refuse, and what they break.
pub async fn render_refusals(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let asked = HOW_ASKED.map(|name| values(request.headers(), &name));
    let kind = Kind::of(request.method(), request.uri().path(), request.headers());
    let request_id = RequestId::of(&request);

    let mut response = match check_host(&request) {
        Ok(()) => attempt(state.request_timeout, next.run(request)).await,
        Err(refusal) => refuse(refusal),
    };
    let Some(refusal) = refusal_of(&mut response) else {
        return response;
    };

    // Read now only: most requests are answered.
    let asked: HeaderMap = HOW_ASKED
        .into_iter()
        .zip(asked)
        .flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value)))
        .collect();
    let (content_type, body) = if kind.is_page() {
        let cookies = Cookies::of(&asked, &state.cookie_names);
        let texts = Texts {
            language: request::language(&asked, &cookies),
            own: state.interface.texts,
        };
        let theme = request::theme(&cookies);
        let (css, id) = (&state.assets.css, request_id.to_string());
        let page = error_document(refusal.page(), texts, theme, css, &id);
        ("text/html; charset=utf-8", Body::from(page))
    } else {
        ("application/json", Body::from(refusal.body()))
    };
    *response.status_mut() = refusal.status();
    *response.body_mut() = body;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Cookie, Accept-Language"),
    );
    if refusal.status() == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// Every line of that header.
fn values(headers: &HeaderMap, name: &HeaderName) -> Vec<HeaderValue> {
    headers.get_all(name).iter().cloned().collect()
}

/// What an inner layer refused, or what `server_fn` did before any server function ran: it takes
/// arguments that it cannot read for a failure of the server.
fn refusal_of(response: &mut Response<Body>) -> Option<Refusal> {
    let headers = response.headers();
    let unreadable = response.status() == StatusCode::INTERNAL_SERVER_ERROR
        && headers.contains_key(SERVER_FN_ERROR_HEADER)
        && !headers.contains_key(CODE_HEADER);
    let wrong_method = response.status() == StatusCode::METHOD_NOT_ALLOWED;
    let refused = response.extensions_mut().remove();
    refused
        .or(unreadable.then_some(Refusal::Unreadable))
        .or(wrong_method.then_some(Refusal::WrongMethod))
}
