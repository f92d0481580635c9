//! Tokens and keys to look at: harmless ones, for people who learn how tokens work.
//!
//! - [`Forgery`] is what can be tried with a token; [`Auth::forge`](crate::Auth::forge) tries it with
//!   material that opens nothing,
//! - [`ThrowawayKey`] signs and verifies as the real ones do, and is never one of them.

mod forgery;
mod throwaway;

pub use self::{
    forgery::{Forgery, with_other_signature},
    throwaway::{HmacSteps, ThrowawayKey},
};
