//! What is wrong with a field, in the words of the wire. The forms and the REST API share it, so that one
//! input has one answer.

use monban_auth::{EmailError, NameError, PasswordError, Weakness};

use crate::error::FieldErrorKind;

/// What is wrong with a name, be it a person's or a device's.
pub const fn name_error(error: NameError) -> FieldErrorKind {
    match error {
        NameError::Empty => FieldErrorKind::Required,
        NameError::TooLong => FieldErrorKind::TooLong,
        NameError::Forbidden => FieldErrorKind::Forbidden,
    }
}

/// What is wrong with an address.
pub(crate) const fn email_error(error: EmailError) -> FieldErrorKind {
    match error {
        EmailError::Empty => FieldErrorKind::Required,
        EmailError::Malformed => FieldErrorKind::Malformed,
        EmailError::TooLong => FieldErrorKind::TooLong,
    }
}

/// What is wrong with a password.
pub(crate) const fn password_error(error: PasswordError) -> FieldErrorKind {
    match error {
        PasswordError::Empty => FieldErrorKind::Required,
        PasswordError::TooShort { min_chars } => FieldErrorKind::TooShort(min_chars),
        PasswordError::TooLong => FieldErrorKind::TooLong,
        PasswordError::Guessable(weakness) => match weakness {
            Weakness::Common => FieldErrorKind::WeakCommon,
            Weakness::Keyboard => FieldErrorKind::WeakKeyboard,
            Weakness::Repeats => FieldErrorKind::WeakRepeats,
            Weakness::Sequence => FieldErrorKind::WeakSequence,
            Weakness::Date => FieldErrorKind::WeakDate,
            Weakness::Words => FieldErrorKind::WeakWords,
            Weakness::Predictable => FieldErrorKind::WeakPredictable,
        },
    }
}
