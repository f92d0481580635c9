//! `/sign-up`: making an account.

mod api;
mod form;
#[cfg(feature = "ssr")]
mod hook;
mod page;
#[cfg(feature = "ssr")]
mod server;

pub use self::{
    api::{SignUp, sign_up},
    form::FORM,
    page::SignUpPage,
};
#[cfg(feature = "ssr")]
pub use self::{
    hook::SignUpHook,
    server::{map_sign_up_error, parse_sign_up},
};
