//! What stands on pages: guards, notices, and what every page of an account has in common.

mod failure;
mod instant;
mod not_found;
mod note;
mod signed_in;

pub use self::{
    failure::Failure,
    instant::Instant,
    not_found::NotFoundPage,
    note::Note,
    signed_in::{LeaveIfSignedIn, SignedIn},
};
pub use crate::{
    notice_bar::NoticeBar,
    preferences::Preferences,
    session::{SignOutButton, end_text},
};
