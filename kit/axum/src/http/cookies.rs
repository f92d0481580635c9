//! The cookies: their names, how they are read, how they are written.
//!
//! - [`CookieNames`]: what the cookies of this instance are called;
//! - [`Cookies`]: those of them that a request brought;
//! - [`set_pair`], [`set_flash`], [`remove`] and others: what a response takes along.

mod names;
mod sent;
mod set;

pub use self::{
    names::CookieNames,
    sent::{Cookies, MAX_OF_ONE_NAME},
    set::{
        AuthCookie, auth_cookies, remove, remove_from_domains, set_ended_notice, set_flash,
        set_pair, set_preference, set_probe,
    },
};
