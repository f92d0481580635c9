//! What can be wrong with one field.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One field that is not acceptable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field, by its name in the form.
    pub field: Cow<'static, str>,
    /// What is wrong with it.
    #[serde(rename = "problem")]
    pub kind: FieldErrorKind,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldErrorKind {
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

impl FieldError {
    /// That is wrong with that field.
    pub const fn new(field: &'static str, kind: FieldErrorKind) -> Self {
        Self {
            field: Cow::Borrowed(field),
            kind,
        }
    }
}

impl FieldErrorKind {
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
