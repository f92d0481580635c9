//! The form on `/sign-up`.

use crate::form::{EMAIL, Form, NAME};

/// The form on `/sign-up`.
pub const FORM: Form = Form::new("sign_up", "/sign-up").keeps(&[NAME, EMAIL]);
