//! Errors in words.

use crate::{
    error::{AppError, FieldErrorKind},
    i18n::t,
};

/// An error in words.
pub fn error_text(error: &AppError) -> String {
    match error {
        AppError::Invalid { .. } => t!(error.invalid),
        AppError::InvalidCredentials => t!(error.invalid_credentials),
        AppError::SessionRequired | AppError::SessionExpired | AppError::SessionEnded { .. } => {
            t!(error.session)
        }
        AppError::Forbidden => t!(error.forbidden),
        AppError::CookieConflict => t!(error.cookie_conflict),
        AppError::TooManyFailures { retry_after } => {
            return t!(error.too_many_failures, minutes = retry_after.div_ceil(60));
        }
        AppError::TooManySignUps { retry_after } => {
            return t!(error.too_many_sign_ups, minutes = retry_after.div_ceil(60));
        }
        AppError::SignUpClosed => t!(error.sign_up_closed),
        AppError::TooManyRequests { retry_after } => {
            return t!(error.too_many_requests, seconds = retry_after);
        }
        AppError::Busy => t!(error.busy),
        AppError::CookiesRefused => t!(error.cookies_refused),
        AppError::SecureCookiesRefused => t!(error.secure_cookies_refused),
        AppError::BadRequest => t!(error.bad_request),
        AppError::Unreachable => t!(error.unreachable),
        AppError::Internal => t!(error.internal),
    }
    .to_owned()
}

/// What is wrong with a field, where it has no words of its own for it.
pub(super) fn field_error_text(kind: FieldErrorKind) -> String {
    match kind {
        FieldErrorKind::Required => t!(field_error.required),
        FieldErrorKind::TooLong => t!(field_error.too_long),
        FieldErrorKind::TooShort(min) => return t!(field_error.too_short, min = min),
        FieldErrorKind::Forbidden => t!(field_error.forbidden),
        FieldErrorKind::Taken => t!(field_error.taken),
        FieldErrorKind::Malformed
        | FieldErrorKind::WeakCommon
        | FieldErrorKind::WeakKeyboard
        | FieldErrorKind::WeakRepeats
        | FieldErrorKind::WeakSequence
        | FieldErrorKind::WeakDate
        | FieldErrorKind::WeakWords
        | FieldErrorKind::WeakPredictable => t!(field_error.malformed),
    }
    .to_owned()
}
