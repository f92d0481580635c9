//! The pages, each with its server functions beside it.

mod account;
mod keys;
mod not_found;
mod routes;
mod sessions;
mod sign_in;
mod sign_up;

pub use self::{
    account::AccountPage,
    keys::{KeysPage, rotate_keys},
    not_found::NotFoundPage,
    routes::AccountRoutes,
    sessions::SessionsPage,
    sign_in::SignInPage,
    sign_up::SignUpPage,
};
