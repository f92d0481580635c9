//! The session of this browser: who it is, how it is renewed, and how it ends.

mod clear_cookies;
pub mod client;
mod end;
mod refresh;
pub(crate) mod sign_out;
mod sign_out_button;
#[cfg(feature = "hydrate")]
pub(crate) mod tabs;
mod who_am_i;

pub use self::{
    clear_cookies::{CLEAR_COOKIES, ClearCookies, clear_cookies},
    end::end_text,
    refresh::{Refresh, refresh},
    sign_out::{SignOut, sign_out},
    sign_out_button::SignOutButton,
    who_am_i::{WhoAmI, who_am_i},
};
