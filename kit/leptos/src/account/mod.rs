//! `/account`: who one is here.

mod api;
pub(crate) mod form;
mod page;
#[cfg(feature = "ssr")]
mod server;

#[cfg(feature = "ssr")]
pub use self::server::{account_view, parse_name};
pub use self::{
    api::{UpdateAccount, update_account},
    form::FORM,
    page::AccountPage,
};
