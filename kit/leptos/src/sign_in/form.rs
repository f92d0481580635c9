//! The form on `/sign-in`.

use crate::form::{EMAIL, Form};

/// The form on `/sign-in`.
pub const FORM: Form = Form::new("sign_in", "/sign-in")
    .keeps(&[EMAIL])
    .ticked(&["keep"]);
