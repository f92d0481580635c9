//! What stands on every page.

mod header;
mod instant;
mod notice;
mod preferences;
mod signed_in;

pub(crate) use self::{
    header::Header,
    instant::Instant,
    notice::{Note, NoticeBar},
    signed_in::{LeaveIfSignedIn, SignedIn},
};
