//! Sessions that were ended while their access tokens may still live.
//!
//! An access token is checked without the database, so a node remembers, by `sid` and never by a
//! token's hash, which sessions are over. It forgets them once their last access token must have
//! expired.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    clock::Timestamp,
    session::{EndReason, Lifetimes, SessionId},
};

/// The ended sessions that this node must refuse.
#[derive(Debug, Default)]
pub struct Denylist {
    ended: RwLock<HashMap<SessionId, Entry>>,
    /// Lets the common case, an empty list, pass without the lock.
    any: AtomicBool,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    reason: EndReason,
    forget_at: Timestamp,
}

impl Denylist {
    /// Refuses the session's access tokens from now on.
    pub fn add(&self, session: SessionId, reason: EndReason, ended_at: Timestamp) {
        let entry = Entry {
            reason,
            forget_at: ended_at + Lifetimes::MAX_ACCESS,
        };
        let mut ended = self.ended.write().unwrap_or_else(PoisonError::into_inner);
        ended.entry(session).or_insert(entry);
        self.any.store(true, Ordering::Release);
    }

    /// Why this session is refused; `None` if it is not.
    pub fn find(&self, session: SessionId) -> Option<EndReason> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let ended = self.ended.read().unwrap_or_else(PoisonError::into_inner);
        ended.get(&session).map(|entry| entry.reason)
    }

    /// Forgets what can no longer matter.
    pub fn purge(&self, now: Timestamp) {
        let mut ended = self.ended.write().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|_, entry| entry.forget_at > now);
        self.any.store(!ended.is_empty(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_ended_session_is_refused_until_its_last_access_token_has_expired() {
        let (list, session) = (Denylist::default(), SessionId::generate());
        let ended_at = Timestamp::from_millis(1_000);
        assert_eq!(list.find(session), None);

        list.add(session, EndReason::SignedOut, ended_at);
        list.purge(ended_at + Lifetimes::MAX_ACCESS - Duration::from_millis(1));
        assert_eq!(list.find(session), Some(EndReason::SignedOut));
        assert_eq!(list.find(SessionId::generate()), None);

        list.purge(ended_at + Lifetimes::MAX_ACCESS);
        assert_eq!(list.find(session), None);
    }

    #[test]
    fn the_first_reason_stands() {
        let (list, session) = (Denylist::default(), SessionId::generate());
        list.add(session, EndReason::Reused, Timestamp::default());
        list.add(session, EndReason::SignedOut, Timestamp::default());
        assert_eq!(list.find(session), Some(EndReason::Reused));
    }
}
