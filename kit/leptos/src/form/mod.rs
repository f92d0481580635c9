//! Forms that work with and without script, with the same words next to the same field.
//!
//! A form owns all that is its own: a [`Form`] says its id, its page and what it keeps; its [`TextField`]s
//! say their names and the words for what is wrong with them; [`FormState`] puts both together with the
//! action that sends it. On the server, `respond_to_form` answers it. Nothing else knows of it, so an
//! app makes its own from the same parts:
//!
//! ```
//! use leptos::{form::ActionForm, prelude::*};
//! use monban_leptos::{
//!     error::{AppError, FieldErrorKind},
//!     form::{Form, FormError, FormState, Once, SubmitButton, TextField},
//! };
//!
//! pub const FEEDBACK: Form = Form::new("feedback", "/feedback").keeps(&["subject"]);
//!
//! #[server(prefix = "/api", endpoint = "send_feedback")]
//! pub async fn send_feedback(subject: String) -> Result<(), AppError> {
//!     # use monban_leptos::flash::Notice;
//!     let request = monban_leptos::server::request()?;
//!     let typed = FEEDBACK.typed_in(&[("subject", &subject)]);
//!     let outcome = match subject.len() {
//!         0 => Err(AppError::field("subject", FieldErrorKind::Required)),
//!         _ => Ok(()),
//!     };
//!     request.respond_to_form(&FEEDBACK, "/feedback", typed, Some(Notice::new("thanks")), outcome)
//! }
//!
//! #[component]
//! fn FeedbackForm() -> impl IntoView {
//!     let action = ServerAction::<SendFeedback>::new();
//!     let state = FormState::new(&FEEDBACK, action);
//!     let form = NodeRef::new();
//!     state.focus_first_error(form);
//!     let subject = state.typed.unwrap_or_default().value("subject");
//!     view! {
//!         <ActionForm action=action node_ref=form attr:id=Form::ELEMENT>
//!             <FormError error=state.error/>
//!             <Once/>
//!             <TextField name="subject" autocomplete="off" label="Subject" value=subject error=state.error/>
//!             <SubmitButton pending=state.pending label="Send"/>
//!         </ActionForm>
//!     }
//! }
//! ```

mod definition;
mod error_text;
mod fields;
mod parts;
mod state;

pub(crate) use self::fields::{email_error_text, name_error_text, password_error_text};
pub use self::{
    definition::Form,
    error_text::error_text,
    fields::{EMAIL, NAME, PASSWORD, TextField},
    parts::{FormError, Once, SubmitButton},
    state::{FormState, empty_after_success},
};
