//! The form on `/account`.

use crate::{
    flash::Notice,
    form::{Form, NAME},
};

/// The form on `/account`.
pub const FORM: Form = Form::new("account", "/account").keeps(&[NAME]);
/// The account was saved.
pub(crate) const SAVED: Notice = Notice::new("account_saved");
