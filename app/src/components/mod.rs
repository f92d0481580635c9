//! What stands on every page.

mod failure;
mod header;
mod instant;
mod notice;
mod preferences;
mod sign_out;
mod signed_in;

pub(crate) use self::{
    failure::Failure,
    header::Header,
    instant::Instant,
    notice::{Note, NoticeBar, end_text},
    sign_out::SignOutButton,
    signed_in::{LeaveIfSignedIn, SignedIn},
};
