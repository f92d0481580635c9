//! Everything that can go wrong, as both sides know it.
//!
//! A closed set: what reaches a page is one of these and never a text from elsewhere. The server
//! gives each a status and a code; the locale files give each its words.

mod field;

use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

pub use self::field::{FieldError, FieldErrorKind};

/// The response header that carries [`AppError::code`], so that the client can act on it without
/// reading the body.
pub const CODE_HEADER: &str = "monban-code";

/// Writes [`AppError`] and all that follows from its table: code, status, and how it is sent. What an error
/// says besides its code is a field of [`Wire`] of the same name.
macro_rules! define_errors {
    ($(
        $(#[doc = $meaning:literal])+
        $name:ident $({ $(#[doc = $what:literal])+ $field:ident: $type:ty $(,)? })?
            = $code:literal, $status:literal;
    )+) => {
        /// What a server function may answer instead of a result.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "Wire", into = "Wire")]
        pub enum AppError {
            $($(#[doc = $meaning])+ $name $({ $(#[doc = $what])+ $field: $type })?,)+
        }

        impl AppError {
            /// The stable code of this error. `session_expired` asks for a refresh; every other
            /// `session_…` says that the person is signed out.
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)+
                }
            }

            /// The HTTP status of this error.
            pub const fn status(&self) -> u16 {
                match self {
                    $(Self::$name { .. } => $status,)+
                }
            }
        }

        impl From<AppError> for Wire {
            fn from(error: AppError) -> Self {
                let mut wire = Self {
                    code: error.code().to_owned(),
                    ..Self::default()
                };
                match error {
                    $($(AppError::$name { $field } => wire.$field = Some($field),)?)+
                    _ => {}
                }
                wire
            }
        }

        impl From<Wire> for AppError {
            fn from(wire: Wire) -> Self {
                match wire.code.as_str() {
                    $($code => Self::$name $({ $field: wire.$field.unwrap_or_default() })?,)+
                    _ => Self::Internal,
                }
            }
        }

        /// One of each.
        #[cfg(test)]
        fn one_of_each() -> Vec<AppError> {
            vec![$(AppError::$name $({ $field: Default::default() })?),+]
        }
    };
}

define_errors! {
    /// Some fields are not acceptable.
    Invalid {
        /// Which, and why. Never empty.
        errors: Vec<FieldError>,
    } = "invalid", 400;
    /// Unknown account or wrong password; which of them is not said.
    InvalidCredentials = "invalid_credentials", 401;
    /// Nobody is signed in.
    SessionRequired = "session_required", 401;
    /// The access token is missing or stale and the refresh token is there: refresh and call again.
    SessionExpired = "session_expired", 401;
    /// The session is over.
    SessionEnded {
        /// The reason for which it ended.
        reason: EndReason,
    } = "session_ended", 401;
    /// Signed in, but without the role that this takes.
    Forbidden = "forbidden", 403;
    /// Two sign-ins came with the request, and only one can be the person's: another site of this
    /// domain has set the other.
    CookieConflict = "cookie_conflict", 409;
    /// Too many sign-ins failed.
    TooManyFailures {
        /// When to come again, in seconds from now.
        retry_after: u64,
    } = "too_many_failures", 429;
    /// Too many sign-ups came from that network.
    TooManySignUps {
        /// When to come again, in seconds from now.
        retry_after: u64,
    } = "too_many_sign_ups", 429;
    /// Only operators make accounts here.
    SignUpClosed = "sign_up_closed", 403;
    /// Too much was asked for of late.
    TooManyRequests {
        /// When to come again, in seconds from now.
        retry_after: u64,
    } = "too_many_requests", 429;
    /// Too much is going on. The same call may succeed in a moment.
    Busy = "busy", 503;
    /// The browser keeps no cookies, so nobody can be signed in in it.
    CookiesRefused = "cookies_refused", 400;
    /// The same of a browser that refuses `Secure` cookies on `http://localhost`, as Safari does.
    SecureCookiesRefused = "secure_cookies_refused", 400;
    /// The arguments could not be read.
    BadRequest = "bad_request", 400;
    /// The server cannot be reached. Made in the browser.
    Unreachable = "unreachable", 503;
    /// The fault is ours. So is a code that this version does not know.
    Internal = "internal", 500;
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The person signed out.
    SignedOut,
    /// The person ended it from another session.
    Revoked,
    /// A newer sign-in in the same browser took its place.
    Replaced,
    /// A superseded refresh token was used again.
    Reused,
    /// Not refreshed for too long.
    Idle,
    /// Its absolute life is over.
    Expired,
    /// The account was disabled.
    AccountDisabled,
    /// The account was signed in at too many places, and this one was unused for the longest time.
    SessionLimit,
    /// Not known here: of a newer version.
    #[default]
    #[serde(other)]
    Unknown,
}

impl AppError {
    /// That one field is not acceptable.
    pub fn field(field: &'static str, kind: FieldErrorKind) -> Self {
        Self::Invalid {
            errors: vec![FieldError::new(field, kind)],
        }
    }

    /// When the same call may succeed, in seconds (RFC 9110 §10.2.3).
    pub const fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Busy => Some(2),
            Self::TooManyFailures { retry_after }
            | Self::TooManySignUps { retry_after }
            | Self::TooManyRequests { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// What is wrong with that field, if anything.
    pub fn of_field(&self, field: &str) -> Option<FieldErrorKind> {
        let Self::Invalid { errors } = self else {
            return None;
        };
        errors
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.kind)
    }
}

/// An error as it is sent: `{"code": "busy"}`. Flat, because reading a tagged enum takes ten times
/// the code in the browser.
#[derive(Default, Serialize, Deserialize)]
struct Wire {
    code: String,
    #[serde(default, rename = "faults", skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<FieldError>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<EndReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Serialization(_) => Self::BadRequest,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_error_survives_the_wire() {
        let told = [
            AppError::field("password", FieldErrorKind::TooShort(15)),
            AppError::SessionEnded {
                reason: EndReason::Reused,
            },
            AppError::TooManyFailures { retry_after: 60 },
        ];
        let errors = one_of_each();
        let codes: BTreeSet<_> = errors.iter().map(AppError::code).collect();
        assert_eq!(codes.len(), errors.len(), "each has a code of its own");
        for error in errors.into_iter().chain(told) {
            assert_eq!(AppError::de(error.ser()), error);
        }
    }

    #[test]
    fn a_code_is_what_the_wire_says_too() {
        for field in ["name", "email", "password"] {
            for kind in [
                FieldErrorKind::Required,
                FieldErrorKind::Taken,
                FieldErrorKind::WeakPredictable,
            ] {
                let error = format!(r#"{{"field":"{field}","problem":"{}"}}"#, kind.code());
                let sent = AppError::field(field, kind).ser();
                assert!(
                    sent.windows(error.len())
                        .any(|part| part == error.as_bytes())
                );
            }
        }
    }

    #[test]
    fn what_is_sent_is_flat_and_says_its_code() {
        let sent = AppError::SessionEnded {
            reason: EndReason::Reused,
        }
        .ser();
        assert_eq!(sent, r#"{"code":"session_ended","reason":"reused"}"#);
        assert_eq!(
            AppError::de(r#"{"code":"news"}"#.into()),
            AppError::Internal
        );
        let unknown = AppError::SessionEnded {
            reason: EndReason::Unknown,
        };
        for newer in [r#","reason":"moon""#, ""] {
            let sent = format!(r#"{{"code":"session_ended"{newer}}}"#);
            assert_eq!(AppError::de(sent.into()), unknown, "{newer}");
        }
    }
}
