//! Everything that can go wrong, as both sides know it.
//!
//! A closed set: what reaches a page is one of these and never a text from elsewhere. The server
//! gives each a status and a code; the locale files give each its words.

use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// The response header that carries [`AppError::code`], so that the client can act on it without
/// reading the body.
pub const CODE_HEADER: &str = "monban-code";

/// What a server function may answer instead of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
pub enum AppError {
    /// Some fields are not acceptable.
    Invalid {
        /// Which, and why. Never empty.
        faults: Vec<Fault>,
    },
    /// Unknown account or wrong password; which of them is not said.
    InvalidCredentials,
    /// Nobody is signed in.
    SessionRequired,
    /// The access token is missing or stale and the refresh token is there: refresh and call again.
    SessionExpired,
    /// The session is over.
    SessionEnded {
        /// Why.
        reason: EndReason,
    },
    /// Signed in, but without the role that this takes.
    Forbidden,
    /// Two sign-ins came with the request, and only one can be the person's: another site of this
    /// domain has set the other.
    CookieConflict,
    /// Too many sign-ins failed.
    TooManyFailures {
        /// When to come again, in seconds from now.
        retry_after: u64,
    },
    /// Too many sign-ups came from that network.
    TooManySignUps {
        /// When to come again, in seconds from now.
        retry_after: u64,
    },
    /// Only operators make accounts here.
    SignUpClosed,
    /// Too much was asked for of late.
    TooManyRequests {
        /// When to come again, in seconds from now.
        retry_after: u64,
    },
    /// Too much is going on. The same call may succeed in a moment.
    Busy,
    /// The browser keeps no cookies, so nobody can be signed in in it.
    CookiesRefused,
    /// The same of a browser that refuses `Secure` cookies on `http://localhost`, as Safari does.
    SecureCookiesRefused,
    /// The arguments could not be read.
    BadRequest,
    /// The server cannot be reached. Made in the browser.
    Unreachable,
    /// The fault is ours.
    Internal,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Not known here.
    Unknown,
}

/// One field that is not acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which.
    pub field: Field,
    /// Why.
    pub problem: Problem,
}

/// The fields that can be at fault, in the order in which forms show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What to call the person.
    Name,
    /// Their address.
    Email,
    /// Their password.
    Password,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Nothing was given.
    Required,
    /// Too long.
    TooLong,
    /// Too short, and how many characters it takes.
    TooShort(usize),
    /// It holds characters that are not allowed.
    Forbidden,
    /// It does not have the form it must have.
    Malformed,
    /// Somebody else has it.
    Taken,
    /// Easy to guess: a common password.
    WeakCommon,
    /// Easy to guess: neighbouring keys.
    WeakKeyboard,
    /// Easy to guess: repetition.
    WeakRepeats,
    /// Easy to guess: a sequence.
    WeakSequence,
    /// Easy to guess: a date.
    WeakDate,
    /// Easy to guess: one word or a name.
    WeakWords,
    /// Easy to guess otherwise.
    WeakPredictable,
}

impl AppError {
    /// The one fault of one field.
    pub fn field(field: Field, problem: Problem) -> Self {
        Self::Invalid {
            faults: vec![Fault { field, problem }],
        }
    }

    /// The stable code of this error. `session_expired` asks for a refresh; every other
    /// `session_…` says that the person is signed out.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid",
            Self::InvalidCredentials => "invalid_credentials",
            Self::SessionRequired => "session_required",
            Self::SessionExpired => "session_expired",
            Self::SessionEnded { .. } => "session_ended",
            Self::Forbidden => "forbidden",
            Self::CookieConflict => "cookie_conflict",
            Self::TooManyFailures { .. } => "too_many_failures",
            Self::TooManySignUps { .. } => "too_many_sign_ups",
            Self::SignUpClosed => "sign_up_closed",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::Busy => "busy",
            Self::CookiesRefused => "cookies_refused",
            Self::SecureCookiesRefused => "secure_cookies_refused",
            Self::BadRequest => "bad_request",
            Self::Unreachable => "unreachable",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status of this error.
    pub const fn status(&self) -> u16 {
        match self {
            Self::InvalidCredentials
            | Self::SessionRequired
            | Self::SessionExpired
            | Self::SessionEnded { .. } => 401,
            Self::Forbidden | Self::SignUpClosed => 403,
            Self::CookieConflict => 409,
            Self::TooManyFailures { .. }
            | Self::TooManySignUps { .. }
            | Self::TooManyRequests { .. } => 429,
            Self::Busy | Self::Unreachable => 503,
            Self::Invalid { .. }
            | Self::CookiesRefused
            | Self::SecureCookiesRefused
            | Self::BadRequest => 400,
            Self::Internal => 500,
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
    pub fn problem(&self, field: Field) -> Option<Problem> {
        let Self::Invalid { faults } = self else {
            return None;
        };
        faults
            .iter()
            .find(|fault| fault.field == field)
            .map(|fault| fault.problem)
    }
}

impl Field {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Password => "password",
        }
    }
}

impl Problem {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong => "too_long",
            Self::TooShort(_) => "too_short",
            Self::Forbidden => "forbidden",
            Self::Malformed => "malformed",
            Self::Taken => "taken",
            Self::WeakCommon => "weak_common",
            Self::WeakKeyboard => "weak_keyboard",
            Self::WeakRepeats => "weak_repeats",
            Self::WeakSequence => "weak_sequence",
            Self::WeakDate => "weak_date",
            Self::WeakWords => "weak_words",
            Self::WeakPredictable => "weak_predictable",
        }
    }
}

/// An error as it is sent: `{"code": "busy"}`. Flat, because reading a tagged enum takes ten times
/// the code in the browser.
#[derive(Serialize, Deserialize)]
struct Wire {
    code: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Fault>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<EndReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

impl From<AppError> for Wire {
    fn from(error: AppError) -> Self {
        let mut wire = Self {
            code: error.code().to_owned(),
            faults: Vec::new(),
            reason: None,
            retry_after: None,
        };
        match error {
            AppError::Invalid { faults } => wire.faults = faults,
            AppError::SessionEnded { reason } => wire.reason = Some(reason),
            AppError::TooManyFailures { retry_after }
            | AppError::TooManySignUps { retry_after }
            | AppError::TooManyRequests { retry_after } => wire.retry_after = Some(retry_after),
            _ => {}
        }
        wire
    }
}

/// A code that this version does not know is a fault of ours.
impl From<Wire> for AppError {
    fn from(wire: Wire) -> Self {
        let plain = [
            Self::InvalidCredentials,
            Self::SessionRequired,
            Self::SessionExpired,
            Self::Forbidden,
            Self::CookieConflict,
            Self::SignUpClosed,
            Self::Busy,
            Self::CookiesRefused,
            Self::SecureCookiesRefused,
            Self::BadRequest,
            Self::Unreachable,
        ];
        match (wire.code.as_str(), wire.reason) {
            ("invalid", _) => Self::Invalid {
                faults: wire.faults,
            },
            ("session_ended", Some(reason)) => Self::SessionEnded { reason },
            ("too_many_failures", _) => Self::TooManyFailures {
                retry_after: wire.retry_after.unwrap_or_default(),
            },
            ("too_many_requests", _) => Self::TooManyRequests {
                retry_after: wire.retry_after.unwrap_or_default(),
            },
            ("too_many_sign_ups", _) => Self::TooManySignUps {
                retry_after: wire.retry_after.unwrap_or_default(),
            },
            (code, _) => plain
                .into_iter()
                .find(|error| error.code() == code)
                .unwrap_or(Self::Internal),
        }
    }
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
    use super::*;

    #[test]
    fn every_error_survives_the_wire() {
        for error in [
            AppError::field(Field::Password, Problem::TooShort(15)),
            AppError::InvalidCredentials,
            AppError::SessionRequired,
            AppError::SessionExpired,
            AppError::SessionEnded {
                reason: EndReason::Reused,
            },
            AppError::Forbidden,
            AppError::CookieConflict,
            AppError::TooManyFailures { retry_after: 60 },
            AppError::TooManySignUps { retry_after: 60 },
            AppError::SignUpClosed,
            AppError::TooManyRequests { retry_after: 7 },
            AppError::Busy,
            AppError::CookiesRefused,
            AppError::SecureCookiesRefused,
            AppError::BadRequest,
            AppError::Unreachable,
            AppError::Internal,
        ] {
            assert_eq!(AppError::de(error.ser()), error);
        }
    }

    #[test]
    fn a_code_is_what_the_wire_says_too() {
        for field in [Field::Name, Field::Email, Field::Password] {
            for problem in [Problem::Required, Problem::Taken, Problem::WeakPredictable] {
                let fault = format!(
                    r#"{{"field":"{}","problem":"{}"}}"#,
                    field.name(),
                    problem.code()
                );
                let sent = AppError::field(field, problem).ser();
                assert!(
                    sent.windows(fault.len())
                        .any(|part| part == fault.as_bytes())
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
    }
}
