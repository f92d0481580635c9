//! The buttons on `/account/sessions`.

use crate::{flash::Notice, form::Form};

/// The buttons on `/account/sessions`.
pub const FORM: Form = Form::new("sessions", "/account/sessions");
/// A device was signed out.
pub(crate) const ONE_ENDED: Notice = Notice::new("device_signed_out");
/// All other devices were signed out.
pub(crate) const OTHERS_ENDED: Notice = Notice::new("others_signed_out");
