//! The table of what can go wrong: names, statuses and words.
//!
//! A code that a server function has, too, is the same code with the same meaning.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, as a stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Some fields are not acceptable; `errors` says which.
    Invalid,
    /// The request cannot be read.
    BadRequest,
    /// Unknown account or wrong password.
    InvalidCredentials,
    /// No token, or none that is good here.
    SessionRequired,
    /// The access token's time is over: refresh, and call again.
    SessionExpired,
    /// The session is over; `reason` says why.
    SessionEnded,
    /// Signed in, but without the role that this takes.
    Forbidden,
    /// Too many sign-ins failed, from there or at that account.
    TooManyFailures,
    /// Too many sign-ups came from that network.
    TooManySignUps,
    /// Only operators make accounts here.
    SignUpClosed,
    /// There is no such thing here.
    NotFound,
    /// The path is there, but not for this method.
    MethodNotAllowed,
    /// The body is too large.
    TooLarge,
    /// The body is not JSON in UTF-8.
    UnsupportedMediaType,
    /// Too much is going on; the same call may succeed in a moment.
    Busy,
    /// The fault is ours.
    Internal,
}

impl Code {
    /// Every code, in the order of the reference.
    pub const ALL: [Self; 16] = [
        Self::Invalid,
        Self::BadRequest,
        Self::InvalidCredentials,
        Self::SessionRequired,
        Self::SessionExpired,
        Self::SessionEnded,
        Self::Forbidden,
        Self::TooManyFailures,
        Self::TooManySignUps,
        Self::SignUpClosed,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::Busy,
        Self::Internal,
    ];

    /// The table: name, status, title, and what to do next.
    const fn row(self) -> (&'static str, StatusCode, &'static str, &'static str) {
        match self {
            Self::Invalid => (
                "invalid",
                StatusCode::BAD_REQUEST,
                "Some fields are not acceptable",
                "Correct the fields listed in `errors` and send the request again.",
            ),
            Self::BadRequest => (
                "bad_request",
                StatusCode::BAD_REQUEST,
                "The request cannot be read",
                "Send one JSON object in UTF-8.",
            ),
            Self::InvalidCredentials => (
                "invalid_credentials",
                StatusCode::UNAUTHORIZED,
                "Wrong email or password",
                "Check both and try again.",
            ),
            Self::SessionRequired => (
                "session_required",
                StatusCode::UNAUTHORIZED,
                "A session is needed",
                "Sign in, and send the access token as `Authorization: Bearer`.",
            ),
            Self::SessionExpired => (
                "session_expired",
                StatusCode::UNAUTHORIZED,
                "The access token has expired",
                "Refresh the session and send the request again.",
            ),
            Self::SessionEnded => (
                "session_ended",
                StatusCode::UNAUTHORIZED,
                "The session is over",
                "Sign in again; `reason` says why the session ended.",
            ),
            Self::Forbidden => (
                "forbidden",
                StatusCode::FORBIDDEN,
                "The account lacks the required role",
                "Ask an administrator for the role, then refresh the session.",
            ),
            Self::TooManyFailures => (
                "too_many_failures",
                StatusCode::TOO_MANY_REQUESTS,
                "Too many sign-ins have failed",
                "Try again after the number of seconds in `Retry-After`.",
            ),
            Self::TooManySignUps => (
                "too_many_sign_ups",
                StatusCode::TOO_MANY_REQUESTS,
                "Too many sign-ups from this network",
                "Try again after the number of seconds in `Retry-After`.",
            ),
            Self::SignUpClosed => (
                "sign_up_closed",
                StatusCode::FORBIDDEN,
                "Sign-up is closed",
                "Ask an operator of this site for an account.",
            ),
            Self::NotFound => (
                "not_found",
                StatusCode::NOT_FOUND,
                "There is nothing at this path",
                "Look up the paths at /api/docs.",
            ),
            Self::MethodNotAllowed => (
                "method_not_allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "This path does not support this method",
                "Use one of the methods in the `Allow` header.",
            ),
            Self::TooLarge => (
                "too_large",
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is too large",
                "Send less.",
            ),
            Self::UnsupportedMediaType => (
                "unsupported_media_type",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body is not JSON",
                "Send JSON in UTF-8 with `Content-Type: application/json`.",
            ),
            Self::Busy => (
                "busy",
                StatusCode::SERVICE_UNAVAILABLE,
                "The server is busy",
                "Send the same request again in a moment; `Retry-After` says when.",
            ),
            Self::Internal => (
                "internal",
                StatusCode::INTERNAL_SERVER_ERROR,
                "The server failed",
                "Try again later; if it fails again, report the `request_id`.",
            ),
        }
    }

    /// The name itself.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Its HTTP status.
    pub const fn status(self) -> StatusCode {
        self.row().1
    }

    /// What went wrong, in words.
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    /// What to do next, in words.
    pub const fn detail(self) -> &'static str {
        self.row().3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_is_sent() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }
}
