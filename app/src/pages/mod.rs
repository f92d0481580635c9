//! The pages, each with its server functions beside it.

mod account;
mod home;
mod not_found;
mod sessions;
mod sign_in;
mod sign_up;

pub(crate) use self::{
    account::Account, home::Home, not_found::NotFound, sessions::Sessions, sign_in::SignIn, sign_up::SignUp,
};
