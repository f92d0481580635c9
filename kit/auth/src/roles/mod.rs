//! Roles: what an account may do, by name.

mod handle;
mod role;
mod store;

pub use self::{
    handle::{AccountRoles, GrantError},
    role::{Role, RoleError, Roles, TooManyRoles},
    store::RoleStore,
};
