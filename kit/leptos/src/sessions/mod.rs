//! `/account/sessions`: where one is signed in.

mod api;
pub(crate) mod form;
mod page;
#[cfg(feature = "ssr")]
mod server;

#[cfg(feature = "ssr")]
pub use self::server::session_view;
pub use self::{
    api::{
        EndOtherSessions, EndSession, ListSessions, end_other_sessions, end_session, list_sessions,
    },
    form::FORM,
    page::SessionsPage,
};
