//! Forms that work with and without script, with the same words next to the same field.

use leptos::{html, prelude::*};
use server_fn::ServerFn;

use crate::{
    error::{AppError, Field, Problem},
    flash::{FormId, Typed},
    page::PageContext,
    words::text,
};

/// What a form shows besides its fields: why it was refused, and what was typed.
#[derive(Clone)]
pub struct FormState {
    /// Why it was refused last, by the action or, without script, by the response before.
    pub error: Signal<Option<AppError>>,
    /// Whether an answer is awaited.
    pub pending: Signal<bool>,
    /// What was typed before the page was loaded anew: by a post without script, or to change the
    /// language or the theme.
    pub typed: Option<Typed>,
}

impl FormState {
    /// The state of that form, which that action submits.
    pub fn new<S>(form: FormId, action: ServerAction<S>) -> Self
    where
        S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
        S::Output: Clone + Send + Sync + 'static,
    {
        let refused = PageContext::refused(form);
        let (before, typed) = match refused {
            Some(refused) => (Some(refused.error), Some(refused.typed)),
            None => (None, PageContext::draft(form)),
        };
        let (value, version) = (action.value(), action.version());
        // Version 0 has a value if the URL says `__err`, and then a link made by anybody says it.
        let error = Signal::derive(move || match value.get() {
            Some(outcome) if version.get() > 0 => outcome.err(),
            _ => before.clone(),
        });
        Self {
            error,
            pending: action.pending().into(),
            typed,
        }
    }

    /// Moves the focus to the first field at fault whenever the form is refused.
    pub fn focus_first_fault(&self, form: NodeRef<html::Form>) {
        let error = self.error;
        Effect::new(move |before: Option<Option<AppError>>| {
            let error = error.get();
            // The faults of a post without script have the focus by `autofocus`.
            if before.is_some()
                && let Some(error) = &error
            {
                let judged = matches!(
                    error,
                    AppError::Invalid { .. } | AppError::InvalidCredentials
                );
                let wrong = matches!(error, AppError::InvalidCredentials)
                    || error.problem(Field::Password).is_some();
                request_animation_frame(move || {
                    if wrong {
                        forget_password(form);
                    }
                    focus_fault(form, judged);
                });
            }
            error
        });
    }
}

/// A password that was refused is typed again, as it is without script. One that was not stays.
fn forget_password(form: NodeRef<html::Form>) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let found = form
            .get_untracked()
            .and_then(|form| form.query_selector("[type=password]").ok().flatten());
        if let Some(input) =
            found.and_then(|found| found.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            input.set_value("");
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = form;
}

/// The first field at fault has the focus, or the one where a person whose word was not believed
/// starts again, or what is said about the form as a whole.
fn focus_fault(form: NodeRef<html::Form>, judged: bool) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let Some(form) = form.get_untracked() else {
            return;
        };
        let find = |what| form.query_selector(what).ok().flatten();
        let found = find("[aria-invalid=true]")
            .or_else(|| find("[data-focus-when-refused]").filter(|_| judged))
            .or_else(|| find("[role=alert]"));
        if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = element.focus();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (form, judged);
}

/// A labelled input with its hint and its fault.
#[component]
pub fn TextField(
    /// Which field.
    field: Field,
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
    /// Whether a sign-in was refused without saying which field was wrong.
    #[prop(optional)]
    focus_when_refused: bool,
) -> impl IntoView {
    let id = format!("field-{name}");
    let (fault_id, hint_id) = (format!("{id}-fault"), format!("{id}-hint"));
    let problem =
        Memo::new(move |_| error.with(|error| error.as_ref().and_then(|e| e.problem(field))));
    let fault = move || problem.get().map(|problem| fault_text(field, problem));
    let first = error.with_untracked(|error| match error {
        Some(AppError::Invalid { faults }) => {
            faults.first().is_some_and(|fault| fault.field == field)
        }
        Some(AppError::InvalidCredentials) => focus_when_refused,
        _ => false,
    });
    let described_by = {
        let (fault_id, hint_id, has_hint) = (fault_id.clone(), hint_id.clone(), hint.is_some());
        move || match (problem.get().is_some(), has_hint) {
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
                autocapitalize=(field != Field::Name).then_some("none")
                spellcheck="false"
                aria-invalid=move || problem.get().is_some().then_some("true")
                aria-describedby=described_by
            />
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <p class="fault" id=fault_id>{fault}</p>
        </div>
    }
}

/// Why the form as a whole was refused. Empty while all is well, so that a screen reader hears the
/// change.
#[component]
pub fn FormError(
    /// Why.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let text = move || error.get().map(|error| error_text(&error));
    view! {
        <div class="form-error" role="alert" tabindex="-1" hidden=move || error.get().is_none()>
            {text}
        </div>
    }
}

/// Names the page that a form stands on, in a field of its own: two posts from one page that are the
/// same in all else are one, pressed twice. The server sees to that; a living page sends no second.
#[component]
pub fn Once() -> impl IntoView {
    view! { <input type="hidden" name="once" value=PageContext::get().request_id/> }
}

/// A form's button, which says when it is busy.
#[component]
pub fn SubmitButton(
    /// What it says.
    label: &'static str,
    /// Whether an answer is awaited.
    pending: Signal<bool>,
    /// Its look.
    #[prop(default = "button primary")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class=class aria-disabled=move || pending.get().then_some("true") aria-busy=move || pending.get().then_some("true")>
            {label}
        </button>
    }
}

/// An error in words.
pub fn error_text(error: &AppError) -> String {
    match error {
        AppError::Invalid { .. } => text!(error.invalid),
        AppError::InvalidCredentials => text!(error.invalid_credentials),
        AppError::SessionRequired | AppError::SessionExpired | AppError::SessionEnded { .. } => {
            text!(error.session)
        }
        AppError::Forbidden => text!(error.forbidden),
        AppError::CookieConflict => text!(error.cookie_conflict),
        AppError::TooManyFailures { retry_after } => {
            let minutes = retry_after.div_ceil(60);
            return text!(error.too_many_failures, minutes = minutes).to_string();
        }
        AppError::TooManySignUps { retry_after } => {
            let minutes = retry_after.div_ceil(60);
            return text!(error.too_many_sign_ups, minutes = minutes).to_string();
        }
        AppError::SignUpClosed => text!(error.sign_up_closed),
        AppError::TooManyRequests { retry_after } => {
            return text!(error.too_many_requests, seconds = retry_after).to_string();
        }
        AppError::Busy => text!(error.busy),
        AppError::CookiesRefused => text!(error.cookies_refused),
        AppError::SecureCookiesRefused => text!(error.secure_cookies_refused),
        AppError::BadRequest => text!(error.bad_request),
        AppError::Unreachable => text!(error.unreachable),
        AppError::Internal => text!(error.internal),
    }
    .to_owned()
}

/// A fault in words.
fn fault_text(field: Field, problem: Problem) -> String {
    match (field, problem) {
        (_, Problem::Required) => text!(fault.required),
        (Field::Name, Problem::TooLong) => text!(fault.name_too_long),
        (Field::Name, _) => text!(fault.name_forbidden),
        (Field::Email, Problem::TooLong) => text!(fault.email_too_long),
        (Field::Email, Problem::Taken) => text!(fault.email_taken),
        (Field::Email, _) => text!(fault.email_malformed),
        (Field::Password, Problem::TooShort(min)) => {
            return text!(fault.password_too_short, min = min).to_string();
        }
        (Field::Password, Problem::TooLong) => text!(fault.password_too_long),
        (Field::Password, Problem::WeakCommon) => text!(fault.weak_common),
        (Field::Password, Problem::WeakKeyboard) => text!(fault.weak_keyboard),
        (Field::Password, Problem::WeakRepeats) => text!(fault.weak_repeats),
        (Field::Password, Problem::WeakSequence) => text!(fault.weak_sequence),
        (Field::Password, Problem::WeakDate) => text!(fault.weak_date),
        (Field::Password, Problem::WeakWords) => text!(fault.weak_words),
        (Field::Password, _) => text!(fault.weak_predictable),
    }
    .to_owned()
}
