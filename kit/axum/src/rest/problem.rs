//! Everything that the API answers instead of a result: a [`Code`], and which fields it is about.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use monban_leptos::error::{self, AppError, EndReason, FieldErrorKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::code::Code;
use crate::http::errors::Refusal;

/// One field that is not acceptable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The name of the field.
    #[schema(example = "password")]
    pub field: String,
    /// Why, as a stable name.
    #[schema(example = "too_short")]
    pub code: &'static str,
    /// Why, in words.
    #[schema(example = "It must have at least 15 characters.")]
    pub detail: String,
}

/// What is answered instead of a result. [`render_problems`](super::render_problems) writes it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub(super) code: Code,
    pub(super) errors: Vec<FieldError>,
    pub(super) reason: Option<EndReason>,
    /// In seconds.
    retry_after: Option<u64>,
    /// Whether the client presented a token, which then is at fault (RFC 6750 §3.1).
    token_presented: bool,
}

impl Problem {
    /// Fields that are not acceptable.
    pub const fn fields(errors: Vec<FieldError>) -> Self {
        Self {
            code: Code::Invalid,
            errors,
            reason: None,
            retry_after: None,
            token_presented: false,
        }
    }

    /// The same about a token that was presented.
    #[must_use]
    pub fn of_token(self) -> Self {
        Self {
            token_presented: true,
            ..self
        }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self {
            code,
            retry_after: (code == Code::Busy).then_some(2),
            ..Self::fields(Vec::new())
        }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let code = match error {
            AppError::Invalid { errors } => {
                return Self::fields(errors.into_iter().map(FieldError::from).collect());
            }
            AppError::SessionEnded { reason } => {
                return Self {
                    reason: Some(reason),
                    ..Code::SessionEnded.into()
                };
            }
            AppError::TooManyFailures { retry_after } => {
                return Self {
                    retry_after: Some(retry_after),
                    ..Code::TooManyFailures.into()
                };
            }
            AppError::TooManySignUps { retry_after } => {
                return Self {
                    retry_after: Some(retry_after),
                    ..Code::TooManySignUps.into()
                };
            }
            AppError::SignUpClosed => Code::SignUpClosed,
            AppError::InvalidCredentials => Code::InvalidCredentials,
            AppError::SessionRequired => Code::SessionRequired,
            AppError::SessionExpired => Code::SessionExpired,
            AppError::Forbidden => Code::Forbidden,
            AppError::BadRequest | AppError::CookieConflict => Code::BadRequest,
            // No route of this API runs anything of the learning pages.
            AppError::TooManyRequests { .. } | AppError::Busy => Code::Busy,
            // Made in the browser, or of its cookies: never here.
            AppError::Unreachable
            | AppError::CookiesRefused
            | AppError::SecureCookiesRefused
            | AppError::Internal => Code::Internal,
        };
        code.into()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TooLarge => Code::TooLarge,
            Refusal::CrossSite
            | Refusal::CookieConflict
            | Refusal::Malformed
            | Refusal::Unreadable => Code::BadRequest,
            Refusal::UnsupportedMediaType => Code::UnsupportedMediaType,
            Refusal::TimedOut | Refusal::Unavailable => Code::Busy,
            Refusal::Absent => Code::NotFound,
            Refusal::WrongMethod => Code::MethodNotAllowed,
            Refusal::Failed => Code::Internal,
        }
        .into()
    }
}

impl From<error::FieldError> for FieldError {
    fn from(error::FieldError { field, kind }: error::FieldError) -> Self {
        Self::new(&field, kind)
    }
}

impl FieldError {
    /// That is wrong with that field.
    pub fn new(field: &str, kind: FieldErrorKind) -> Self {
        let detail = match kind {
            FieldErrorKind::Required => "It is required.".to_owned(),
            FieldErrorKind::TooLong => "It is too long.".to_owned(),
            FieldErrorKind::TooShort(least) => format!("It must have at least {least} characters."),
            FieldErrorKind::Forbidden => "It contains characters that are not allowed.".to_owned(),
            FieldErrorKind::Malformed => "It does not have the required form.".to_owned(),
            FieldErrorKind::Taken => "It is already taken.".to_owned(),
            FieldErrorKind::WeakCommon => "It is easy to guess: a common password.".to_owned(),
            FieldErrorKind::WeakKeyboard => "It is easy to guess: neighbouring keys.".to_owned(),
            FieldErrorKind::WeakRepeats => "It is easy to guess: repetition.".to_owned(),
            FieldErrorKind::WeakSequence => "It is easy to guess: a sequence.".to_owned(),
            FieldErrorKind::WeakDate => "It is easy to guess: a date.".to_owned(),
            FieldErrorKind::WeakWords => "It is easy to guess: one word or a name.".to_owned(),
            FieldErrorKind::WeakPredictable => "It is easy to guess.".to_owned(),
        };
        Self {
            field: field.to_owned(),
            code: kind.code(),
            detail,
        }
    }

    /// The API knows no such field here.
    pub fn unknown(field: &str) -> Self {
        Self {
            field: field.to_owned(),
            code: "unknown",
            detail: "There is no such field.".to_owned(),
        }
    }
}

/// Status and headers. The body needs the request's id, which only the layer around knows.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        let status = self.code.status();
        *response.status_mut() = status;
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 6750 §3: a parameter must follow; the error only where a token was presented.
            let challenge = if self.token_presented {
                r#"Bearer error="invalid_token""#
            } else {
                r#"Bearer realm="monban""#
            };
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(challenge),
            );
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_a_server_function_is_the_same_here() {
        for error in [
            AppError::Invalid { errors: Vec::new() },
            AppError::InvalidCredentials,
            AppError::SessionRequired,
            AppError::SessionExpired,
            AppError::SessionEnded {
                reason: EndReason::Reused,
            },
            AppError::Forbidden,
            AppError::TooManyFailures { retry_after: 60 },
            AppError::TooManySignUps { retry_after: 60 },
            AppError::SignUpClosed,
            AppError::Busy,
            AppError::BadRequest,
            AppError::Internal,
        ] {
            let code = Problem::from(error.clone()).code;
            assert_eq!(
                (code.name(), code.status().as_u16()),
                (error.code(), error.status())
            );
        }
    }
}
