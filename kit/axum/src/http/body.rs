//! How large a body may be.

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::header,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::{errors::Refusal, request};

/// Refuses a body of more than so many bytes, at once if it says so. It is read here, because a later
/// reader would take the cut for a broken form.
pub async fn limit_body(request: Request, limit: usize) -> Result<Request, Refusal> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| request::text_of(length)?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(Refusal::TooLarge);
    }
    let (head, body) = request.into_parts();
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(Request::from_parts(head, Body::from(body.to_bytes()))),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        // It broke off, or its chunks are none (RFC 9112 §8).
        Err(_) => Err(Refusal::Malformed),
    }
}
