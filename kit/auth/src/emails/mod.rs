//! Addresses of accounts: one mailbox, one account. [`Email`] says how.

mod email;
mod handle;
mod store;

pub use self::{
    email::{Email, EmailError},
    handle::Emails,
    store::{EmailChange, EmailCollision, EmailStore},
};
