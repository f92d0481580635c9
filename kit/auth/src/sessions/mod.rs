//! Sessions: one row each, from sign-in to sign-out.

pub(crate) mod denylist;
pub(crate) mod evidence;
mod handle;
pub(crate) mod refresh;
pub mod rotation;
mod session;
pub(crate) mod start;
mod store;

pub use self::{
    handle::{SessionPage, Sessions},
    refresh::{AccessError, RefreshError},
    session::{Channel, Client, EndReason, Generation, Lifetimes, Persistence, Session, SessionId},
    store::{NewSession, Rotation, SessionStore, Start, Started},
};
