//! What an app may see of running sessions.
//!
//! Off unless an app brings an observer ([`Accounts::observer`](crate::Accounts::observer)). It is handed events, never
//! a token that the person did not bring or get in that very request, and it decides nothing, but for
//! one thing that a lesson needs: whether the answer with a new pair is lost on its way.

use std::fmt;

use monban_auth::{EndReason, Generation, SessionId, Timestamp, TokenPair};

/// Is handed what requests do to sessions. Called while a request is answered, so it must not wait.
pub trait SessionObserver: fmt::Debug + Send + Sync {
    /// Whether anything is observed at present. Asked for every request.
    fn is_observing(&self) -> bool;

    /// Something happened to that session, by a request to that route.
    fn observe(
        &self,
        session: SessionId,
        route: &str,
        event: &SessionEvent<'_>,
        at: Timestamp,
    ) -> Delivery;
}

/// What a request did to its session.
#[derive(Debug)]
pub enum SessionEvent<'a> {
    /// It came with a good access token of that generation.
    Used(Generation),
    /// It came with an access token that was missing or stale, and was told to renew first.
    Stale,
    /// It was given a new pair.
    Renewed {
        /// The pair.
        pair: &'a TokenPair,
        /// Whether a page is rendered in the same response.
        before_rendering: bool,
    },
    /// The session is over.
    Ended(EndReason),
    /// The person signed out.
    SignedOut,
}

/// What becomes of the answer that an event belongs to. Heeded for a renewal that a living page asked
/// for ([`SessionEvent::Renewed`] that is not `before_rendering`); any other answer is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is sent.
    Sent,
    /// It is lost, as on a line that breaks: the client is answered 503 and gets no cookies.
    Lost,
}
