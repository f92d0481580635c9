//! Sessions: one row each, from sign-in to sign-out.

pub(crate) mod denylist;
mod end_reason;
pub(crate) mod evidence;
mod handle;
mod lifetimes;
mod persistence;
pub(crate) mod refresh;
pub mod rotation;
mod session;
pub(crate) mod start;
mod store;

pub use self::{
    end_reason::EndReason,
    handle::{SessionPage, Sessions},
    lifetimes::Lifetimes,
    persistence::{Channel, Persistence},
    refresh::{AccessError, RefreshError},
    session::{Client, Generation, Session, SessionId},
    store::{NewSession, Rotation, SessionStore, Start, Started},
};
