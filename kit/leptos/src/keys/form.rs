//! The button on `/admin/keys`.

use crate::{flash::Notice, form::Form};

/// The button on `/admin/keys`.
pub const FORM: Form = Form::new("keys", "/admin/keys");
/// A new signing key is published.
pub(crate) const ROTATED: Notice = Notice::new("keys_rotated");
/// A signing key was published before, and still waits to sign.
pub(crate) const WAITING: Notice = Notice::new("keys_waiting");
