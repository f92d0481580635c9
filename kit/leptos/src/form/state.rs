//! What a form shows besides its fields.

use leptos::{html, prelude::*};
use server_fn::ServerFn;

use super::definition::Form;
use crate::{error::AppError, flash::Typed, page::PageContext};

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
    pub fn new<S>(form: &Form, action: ServerAction<S>) -> Self
    where
        S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
        S::Output: Clone + Send + Sync + 'static,
    {
        let (before, typed) = PageContext::left_of(form.id());
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

    /// Moves the focus to the first field that is not acceptable whenever the form is refused.
    pub fn focus_first_error(&self, form: NodeRef<html::Form>) {
        let error = self.error;
        Effect::new(move |before: Option<Option<AppError>>| {
            let error = error.get();
            // The errors of a post without script have the focus by `autofocus`.
            if before.is_some()
                && let Some(error) = &error
            {
                let refused = matches!(error, AppError::InvalidCredentials);
                let judged = refused || matches!(error, AppError::Invalid { .. });
                request_animation_frame(move || {
                    forget_passwords(form, refused);
                    focus_error(form, judged);
                });
            }
            error
        });
    }
}

/// Empties the fields of that form whenever the action that sends it has succeeded: for a page that stays
/// where it is, such as one that takes one note after the other. Without script, the next page has an
/// empty form by itself.
pub fn empty_after_success<S>(form: &Form, node: NodeRef<html::Form>, action: ServerAction<S>)
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let (value, version, fields) = (action.value(), action.version(), form.fields());
    Effect::new(move || {
        let is_done = value.with(|outcome| matches!(outcome, Some(Ok(_))));
        if is_done && version.get_untracked() > 0 {
            empty(node, fields);
        }
    });
}

fn empty(form: NodeRef<html::Form>, fields: &[&str]) {
    #[cfg(feature = "hydrate")]
    {
        let Some(form) = form.get_untracked() else {
            return;
        };
        for name in fields {
            let field = form.query_selector(&["[name=", name, "]"].concat());
            if let Ok(Some(field)) = field {
                // Of an input as of a text area.
                let _ = js_sys::Reflect::set(&field, &"value".into(), &"".into());
            }
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (form, fields);
}

/// A password that was refused is typed again, as it is without script. One that was not stays.
fn forget_passwords(form: NodeRef<html::Form>, all: bool) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let which = if all {
            "[type=password]"
        } else {
            "[type=password][aria-invalid=true]"
        };
        let found = form
            .get_untracked()
            .and_then(|form| form.query_selector(which).ok().flatten());
        if let Some(input) =
            found.and_then(|found| found.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            input.set_value("");
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (form, all);
}

/// The first field that is not acceptable has the focus, or the one where a person whose word was not
/// believed starts again, or what is said about the form as a whole.
fn focus_error(form: NodeRef<html::Form>, judged: bool) {
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
