//! Accounts: who somebody is, and what is done with it.

mod account;
mod handle;
mod store;

pub(crate) use self::store::HeldAccount;
pub use self::{
    account::{Account, AccountId, Name, NameError},
    handle::Accounts,
    store::{AccountStore, Creation, Credentials, NewAccount, StatusChange},
};
pub use crate::emails::Email;
