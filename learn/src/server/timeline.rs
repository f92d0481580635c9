//! The events of observed sessions: those whose learning page is open and polls for them.
//!
//! Of other sessions nothing is recorded. An event is what happened, when, and in which generation: never a
//! token.
//!
//! The requests of sessions that are not observed are many, so they must cost little: while any session is
//! observed, they look once into a map under a read lock. Each observed session has a lock of its own. Once
//! a minute at most, one request removes the sessions that are no longer polled.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use monban_auth::{SessionId, Timestamp};

use crate::session::{EventKind, EventView};

/// How long a session counts as observed after its last poll.
const OBSERVED_FOR: Duration = Duration::from_mins(1);
/// The largest number of sessions that are observed at once.
const MAX_SESSIONS: usize = 1000;
/// The largest number of events that are kept for a session.
const MAX_EVENTS: usize = 200;

/// The events of all observed sessions.
#[derive(Debug, Default)]
pub struct Timeline {
    sessions: RwLock<Sessions>,
    /// Whether there are any, for the requests of all other sessions.
    observes_any: AtomicBool,
    /// The time of the next sweep, in milliseconds since 1970.
    sweep_at: AtomicI64,
}

type Sessions = HashMap<SessionId, Arc<Mutex<ObservedSession>>>;

#[derive(Debug)]
struct ObservedSession {
    events: VecDeque<EventView>,
    next_number: u64,
    last_polled_at: Timestamp,
    /// Whether the next reply that carries a new pair is dropped.
    drop_reply: bool,
}

impl Timeline {
    /// The events of the session after that number. From now on, the session is observed.
    pub(crate) fn events_after(
        &self,
        session: SessionId,
        after: u64,
        now: Timestamp,
    ) -> Vec<EventView> {
        self.sweep_if_due(now);
        let observed = self
            .find(session)
            .or_else(|| self.start_observing(session, now));
        let Some(observed) = observed else {
            return Vec::new();
        };
        let mut observed = lock(&observed);
        observed.last_polled_at = now;
        let events = observed.events.iter();
        let new_events = events.filter(|event| event.number > after);
        new_events.cloned().collect()
    }

    /// Whether any session is observed.
    pub fn observes_any(&self) -> bool {
        self.observes_any.load(Ordering::Relaxed)
    }

    /// Records an event, if the session is observed.
    pub fn record(&self, session: SessionId, now: Timestamp, kind: EventKind) {
        if !self.observes_any() {
            return;
        }
        self.sweep_if_due(now);
        let Some(observed) = self.find(session) else {
            return;
        };
        let mut observed = lock(&observed);
        if observed.events.len() == MAX_EVENTS {
            observed.events.pop_front();
        }
        let number = observed.next_number;
        observed.events.push_back(EventView {
            number,
            at: now.as_millis(),
            kind,
        });
        observed.next_number += 1;
    }

    /// Drops the next reply that carries a new pair of this session, if it is observed.
    pub(crate) fn drop_next_reply(&self, session: SessionId) {
        if let Some(observed) = self.find(session) {
            lock(&observed).drop_reply = true;
        }
    }

    /// Whether this reply is to be dropped. True once only.
    pub fn take_reply_drop(&self, session: SessionId) -> bool {
        self.observes_any()
            && self
                .find(session)
                .is_some_and(|observed| std::mem::take(&mut lock(&observed).drop_reply))
    }

    fn find(&self, session: SessionId) -> Option<Arc<Mutex<ObservedSession>>> {
        self.read().get(&session).map(Arc::clone)
    }

    /// Starts to observe the session, if there is room.
    fn start_observing(
        &self,
        session: SessionId,
        now: Timestamp,
    ) -> Option<Arc<Mutex<ObservedSession>>> {
        let mut sessions = self.write();
        if sessions.len() >= MAX_SESSIONS && !sessions.contains_key(&session) {
            return None;
        }
        self.observes_any.store(true, Ordering::Relaxed);
        let fresh = || {
            Arc::new(Mutex::new(ObservedSession {
                events: VecDeque::new(),
                next_number: 1,
                last_polled_at: now,
                drop_reply: false,
            }))
        };
        Some(Arc::clone(sessions.entry(session).or_insert_with(fresh)))
    }

    /// Removes the sessions that are no longer polled. One request does it when it is due.
    fn sweep_if_due(&self, now: Timestamp) {
        let due = self.sweep_at.load(Ordering::Relaxed);
        let next = (now + OBSERVED_FOR).as_millis();
        let is_ours = now.as_millis() >= due
            && self
                .sweep_at
                .compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if is_ours {
            let mut sessions = self.write();
            sessions.retain(|_, observed| now.since(lock(observed).last_polled_at) < OBSERVED_FOR);
            self.observes_any
                .store(!sessions.is_empty(), Ordering::Relaxed);
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Sessions> {
        self.sessions.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Sessions> {
        self.sessions
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock(observed: &Mutex<ObservedSession>) -> MutexGuard<'_, ObservedSession> {
    observed.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn called() -> EventKind {
        EventKind::Answered {
            route: "/api/who_am_i".into(),
            generation: 1,
        }
    }

    #[test]
    fn only_observed_sessions_are_recorded_and_only_for_a_while() {
        let (timeline, session) = (Timeline::default(), SessionId::generate());
        timeline.record(session, NOW, called());
        assert!(timeline.events_after(session, 0, NOW).is_empty());
        timeline.record(session, NOW, called());
        timeline.record(SessionId::generate(), NOW, called());
        assert_eq!(timeline.events_after(session, 0, NOW).len(), 1);
        assert!(timeline.events_after(session, 1, NOW).is_empty());
        timeline.record(session, NOW + OBSERVED_FOR, called());
        assert!(!timeline.observes_any());
        assert!(
            timeline
                .events_after(session, 0, NOW + OBSERVED_FOR)
                .is_empty()
        );
    }

    #[test]
    fn a_full_timeline_has_room_again_once_sessions_are_no_longer_polled() {
        let timeline = Timeline::default();
        for _ in 0..MAX_SESSIONS {
            timeline.events_after(SessionId::generate(), 0, NOW);
        }
        let late = SessionId::generate();
        let recorded = |now| {
            timeline.events_after(late, 0, now);
            timeline.record(late, now, called());
            timeline.events_after(late, 0, now).len()
        };
        assert_eq!(recorded(NOW), 0);
        assert_eq!(recorded(NOW + OBSERVED_FOR), 1);
    }

    /// The lock of an observed session delays that session only.
    #[test]
    fn a_session_that_is_not_observed_does_not_wait_for_one_that_is() {
        let (timeline, session) = (Timeline::default(), SessionId::generate());
        timeline.events_after(session, 0, NOW);
        let observed = timeline.find(session).unwrap();
        let (_reader, _writer) = (timeline.read(), lock(&observed));
        timeline.record(SessionId::generate(), NOW, called());
        assert!(!timeline.take_reply_drop(SessionId::generate()));
    }

    #[test]
    fn old_events_make_room_and_keep_their_numbers() {
        let (timeline, session) = (Timeline::default(), SessionId::generate());
        timeline.events_after(session, 0, NOW);
        for _ in 0..MAX_EVENTS + 5 {
            timeline.record(session, NOW, called());
        }
        let events = timeline.events_after(session, 0, NOW);
        assert_eq!(events.len(), MAX_EVENTS);
        assert_eq!(events[0].number, 6);
    }

    #[test]
    fn one_reply_is_dropped_and_no_more() {
        let (timeline, session) = (Timeline::default(), SessionId::generate());
        timeline.drop_next_reply(session);
        assert!(
            !timeline.take_reply_drop(session),
            "the session is not observed"
        );
        timeline.events_after(session, 0, NOW);
        timeline.drop_next_reply(session);
        assert!(timeline.take_reply_drop(session));
        assert!(!timeline.take_reply_drop(session));
    }
}
