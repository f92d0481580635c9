//! A field of a form, and those that several forms of an account have.

use leptos::prelude::*;

use super::error_text::field_error_text;
use crate::{
    error::{AppError, FieldErrorKind},
    i18n::t,
};

/// What to call the person.
pub const NAME: &str = "name";
/// Their address.
pub const EMAIL: &str = "email";
/// Their password.
pub const PASSWORD: &str = "password";

/// A labelled input with its hint, and what is wrong with it.
#[component]
pub fn TextField(
    /// Its name in the form.
    name: &'static str,
    /// Its HTML type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers and password managers may fill in (WHATWG HTML §4.10.18.7).
    autocomplete: &'static str,
    /// Its label.
    label: &'static str,
    /// A hint below it.
    #[prop(optional)]
    hint: Option<String>,
    /// What stands in it from the start.
    #[prop(optional)]
    value: String,
    /// Why the form was refused.
    error: Signal<Option<AppError>>,
    /// What is wrong with it, in its own words.
    #[prop(default = field_error_text)]
    error_text: fn(FieldErrorKind) -> String,
    /// Whether a sign-in was refused without saying which field was wrong.
    #[prop(optional)]
    focus_when_refused: bool,
    /// Whether its words may begin with capitals where a screen's keyboard chooses.
    #[prop(optional)]
    capitals: bool,
) -> impl IntoView {
    let id = format!("field-{name}");
    let (fault_id, hint_id) = (format!("{id}-fault"), format!("{id}-hint"));
    let kind_of_error =
        Memo::new(move |_| error.with(|error| error.as_ref().and_then(|e| e.of_field(name))));
    // A text that changes, not one that comes and goes: see `Note`.
    let text = move || kind_of_error.get().map(error_text).unwrap_or_default();
    let first = error.with_untracked(|error| match error {
        Some(AppError::Invalid { errors }) => {
            errors.first().is_some_and(|error| error.field == name)
        }
        Some(AppError::InvalidCredentials) => focus_when_refused,
        _ => false,
    });
    let described_by = {
        let (fault_id, hint_id, has_hint) = (fault_id.clone(), hint_id.clone(), hint.is_some());
        move || match (kind_of_error.get().is_some(), has_hint) {
            (true, true) => Some(format!("{fault_id} {hint_id}")),
            (true, false) => Some(fault_id.clone()),
            (false, true) => Some(hint_id.clone()),
            (false, false) => None,
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                type=kind
                autocomplete=autocomplete
                value=value
                required
                autofocus=first
                data-focus-when-refused=focus_when_refused.then_some("")
                autocapitalize=(!capitals).then_some("none")
                spellcheck="false"
                aria-invalid=move || kind_of_error.get().is_some().then_some("true")
                aria-describedby=described_by
            />
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <p class="fault" id=fault_id>{text}</p>
        </div>
    }
}

/// What is wrong with a name.
pub(crate) fn name_error_text(kind: FieldErrorKind) -> String {
    match kind {
        FieldErrorKind::Required => t!(field_error.required),
        FieldErrorKind::TooLong => t!(field_error.name_too_long),
        _ => t!(field_error.name_forbidden),
    }
    .to_owned()
}

/// What is wrong with an address.
pub(crate) fn email_error_text(kind: FieldErrorKind) -> String {
    match kind {
        FieldErrorKind::Required => t!(field_error.required),
        FieldErrorKind::TooLong => t!(field_error.email_too_long),
        FieldErrorKind::Taken => t!(field_error.email_taken),
        _ => t!(field_error.email_malformed),
    }
    .to_owned()
}

/// What is wrong with a password.
pub(crate) fn password_error_text(kind: FieldErrorKind) -> String {
    match kind {
        FieldErrorKind::Required => t!(field_error.required),
        FieldErrorKind::TooShort(min) => return t!(field_error.password_too_short, min = min),
        FieldErrorKind::TooLong => t!(field_error.password_too_long),
        FieldErrorKind::WeakCommon => t!(field_error.weak_common),
        FieldErrorKind::WeakKeyboard => t!(field_error.weak_keyboard),
        FieldErrorKind::WeakRepeats => t!(field_error.weak_repeats),
        FieldErrorKind::WeakSequence => t!(field_error.weak_sequence),
        FieldErrorKind::WeakDate => t!(field_error.weak_date),
        FieldErrorKind::WeakWords => t!(field_error.weak_words),
        _ => t!(field_error.weak_predictable),
    }
    .to_owned()
}
