//! `/sign-in`: proving who one is.

mod api;
mod form;
mod page;
#[cfg(feature = "ssr")]
mod server;

#[cfg(feature = "ssr")]
pub use self::server::{map_sign_in_error, parse_sign_in};
pub use self::{
    api::{SignIn, sign_in},
    form::FORM,
    page::SignInPage,
};
