//! `/admin/keys`: what access tokens are signed with. For administrators.

mod api;
pub(crate) mod form;
mod page;
#[cfg(feature = "ssr")]
mod server;

pub use self::{
    api::{ListKeys, RotateKeys, list_keys, rotate_keys},
    form::FORM,
    page::KeysPage,
};
