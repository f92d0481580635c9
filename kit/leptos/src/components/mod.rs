//! What stands on pages: guards, notices, and what every page of an account has in common.

mod failure;
mod instant;
mod notice;
mod preferences;
mod sign_out;
mod signed_in;

pub use self::{
    failure::Failure,
    instant::Instant,
    notice::{Note, NoticeBar, end_text},
    preferences::Preferences,
    sign_out::SignOutButton,
    signed_in::{LeaveIfSignedIn, SignedIn},
};
