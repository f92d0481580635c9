//! One line a request: id, route, status, duration. Never a path as given, a header or a body: they
//! may hold what must not be kept.
//!
//! The outermost layer, so it also writes the headers that no response goes without.

use std::fmt;

use axum::{
    extract::{MatchedPath, Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;
use uuid::Uuid;

use super::headers::secure;
use crate::state::AppState;

/// Names a request in the log, in its response and to the person.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestId(Uuid);

impl RequestId {
    /// The id that [`log`] gave the request.
    pub fn of(request: &Request) -> Self {
        request
            .extensions()
            .get::<Self>()
            .copied()
            .unwrap_or_default()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Names the request, writes its line, and secures its response.
pub async fn log(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let (start, id) = (Instant::now(), Uuid::now_v7());
    request.extensions_mut().insert(RequestId(id));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();

    let mut response = next.run(request).await;

    macro_rules! write_line {
        ($level:ident) => {
            tracing::$level!(
                target: "monban::request",
                %id,
                method = method.as_str(),
                route = route.as_ref().map_or("(none)", MatchedPath::as_str),
                status = response.status().as_u16(),
                ms = start.elapsed().as_secs_f64() * 1000.0,
            )
        };
    }
    // A run of two hundred sign-ins would write as many lines.
    if state.quiet {
        write_line!(debug);
    } else {
        write_line!(info);
    }
    let headers = response.headers_mut();
    secure(headers, state.hsts.as_ref());
    let mut written = Uuid::encode_buffer();
    if let Ok(id) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut written)) {
        headers.insert("x-request-id", id);
    }
    response
}
