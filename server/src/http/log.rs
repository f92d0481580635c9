//! One line a request: id, route, status, duration. Never a path as given, a header or a body: they
//! may hold what must not be kept.
//!
//! The outermost layer, so it also writes the headers that no response goes without.

use axum::{
    extract::{MatchedPath, Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;
use uuid::Uuid;

use super::headers::secure;
use crate::router::Gate;

/// Names a request in the log, in its response and to the person.
#[derive(Clone, Debug)]
pub struct RequestId(String);

impl RequestId {
    /// The id that [`log`] gave the request.
    pub fn of(request: &Request) -> String {
        request
            .extensions()
            .get::<Self>()
            .map(|id| id.0.clone())
            .unwrap_or_default()
    }
}

/// Names the request, writes its line, and secures its response.
pub async fn log(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let (start, id) = (Instant::now(), Uuid::now_v7().to_string());
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();

    let mut response = next.run(request).await;

    tracing::info!(
        target: "monban::request",
        id,
        method = method.as_str(),
        route = route.as_ref().map_or("(none)", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = start.elapsed().as_secs_f64() * 1000.0,
    );
    let headers = response.headers_mut();
    secure(headers, gate.https);
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert("x-request-id", id);
    }
    response
}
