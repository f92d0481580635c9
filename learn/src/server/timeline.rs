//! What happens to the sessions that somebody is watching.
//!
//! Nothing is noted of a session that nobody watches. What is noted is what happened, when, and in
//! which generation: never a token.
//!
//! Requests of sessions that nobody watches are many and pass quickly: while anybody watches at all,
//! they look once into a map that all may read at the same time. Whoever watches has notes, and a lock,
//! of their own. Once a minute at most, somebody sweeps out those that nobody looks at any more.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use monban_auth::{SessionId, Timestamp};

use crate::session::{EventView, What};

/// How long after its last look a session counts as watched.
const WATCHED: Duration = Duration::from_mins(1);
/// The most sessions that are watched at once.
const MAX_SESSIONS: usize = 1000;
/// The most events that wait to be looked at.
const MAX_EVENTS: usize = 200;

/// The notes on all watched sessions.
#[derive(Debug, Default)]
pub struct Timeline {
    sessions: RwLock<Sessions>,
    /// Whether there are any, for the requests of everybody else.
    watching: AtomicBool,
    /// When to sweep next, in milliseconds.
    sweep_at: AtomicI64,
}

type Sessions = HashMap<SessionId, Arc<Mutex<Notes>>>;

#[derive(Debug)]
struct Notes {
    events: VecDeque<EventView>,
    next: u64,
    looked_at: Timestamp,
    /// Whether the reply with the next pair gets lost.
    drop_reply: bool,
}

impl Timeline {
    /// What happened to the session since the event of that number. From now on, it is watched.
    pub(crate) fn look(&self, session: SessionId, after: u64, now: Timestamp) -> Vec<EventView> {
        self.sweep_if_due(now);
        let Some(notes) = self.find(session).or_else(|| self.begin(session, now)) else {
            return Vec::new();
        };
        let mut notes = lock(&notes);
        notes.looked_at = now;
        let news = notes.events.iter().filter(|event| event.number > after);
        news.cloned().collect()
    }

    /// Whether anybody watches any session.
    pub fn is_watching(&self) -> bool {
        self.watching.load(Ordering::Relaxed)
    }

    /// Notes what happened, if somebody watches.
    pub fn note(&self, session: SessionId, now: Timestamp, what: What) {
        if !self.is_watching() {
            return;
        }
        self.sweep_if_due(now);
        let Some(notes) = self.find(session) else {
            return;
        };
        let mut notes = lock(&notes);
        if notes.events.len() == MAX_EVENTS {
            notes.events.pop_front();
        }
        let number = notes.next;
        notes.events.push_back(EventView {
            number,
            at: now.as_millis(),
            what,
        });
        notes.next += 1;
    }

    /// Lets the reply with the session's next pair get lost, if it is watched.
    pub(crate) fn drop_next_reply(&self, session: SessionId) {
        if let Some(notes) = self.find(session) {
            lock(&notes).drop_reply = true;
        }
    }

    /// Whether this reply gets lost. Once only.
    pub fn takes_reply(&self, session: SessionId) -> bool {
        self.is_watching()
            && self
                .find(session)
                .is_some_and(|notes| std::mem::take(&mut lock(&notes).drop_reply))
    }

    fn find(&self, session: SessionId) -> Option<Arc<Mutex<Notes>>> {
        self.read().get(&session).map(Arc::clone)
    }

    /// Starts to watch, if there is room.
    fn begin(&self, session: SessionId, now: Timestamp) -> Option<Arc<Mutex<Notes>>> {
        let mut sessions = self.write();
        if sessions.len() >= MAX_SESSIONS && !sessions.contains_key(&session) {
            return None;
        }
        self.watching.store(true, Ordering::Relaxed);
        let fresh = || {
            Arc::new(Mutex::new(Notes {
                events: VecDeque::new(),
                next: 1,
                looked_at: now,
                drop_reply: false,
            }))
        };
        Some(Arc::clone(sessions.entry(session).or_insert_with(fresh)))
    }

    /// Forgets those that nobody looks at any more. One request in a while does it.
    fn sweep_if_due(&self, now: Timestamp) {
        let due = self.sweep_at.load(Ordering::Relaxed);
        let next = (now + WATCHED).as_millis();
        let is_ours = now.as_millis() >= due
            && self
                .sweep_at
                .compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if is_ours {
            let mut sessions = self.write();
            sessions.retain(|_, notes| now.since(lock(notes).looked_at) < WATCHED);
            self.watching.store(!sessions.is_empty(), Ordering::Relaxed);
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

fn lock(notes: &Mutex<Notes>) -> MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn called() -> What {
        What::Answered {
            route: "/api/who_am_i".into(),
            generation: 1,
        }
    }

    #[test]
    fn only_what_is_watched_is_noted_and_only_for_a_while() {
        let (timeline, session) = (Timeline::default(), SessionId::generate());
        timeline.note(session, NOW, called());
        assert!(timeline.look(session, 0, NOW).is_empty());
        timeline.note(session, NOW, called());
        timeline.note(SessionId::generate(), NOW, called());
        assert_eq!(timeline.look(session, 0, NOW).len(), 1);
        assert!(timeline.look(session, 1, NOW).is_empty());
        timeline.note(session, NOW + WATCHED, called());
        assert!(!timeline.is_watching());
        assert!(timeline.look(session, 0, NOW + WATCHED).is_empty());
    }

    #[test]
    fn the_full_house_has_room_again_once_somebody_has_left() {
        let timeline = Timeline::default();
        for _ in 0..MAX_SESSIONS {
            timeline.look(SessionId::generate(), 0, NOW);
        }
        let late = SessionId::generate();
        let watched = |now| {
            timeline.look(late, 0, now);
            timeline.note(late, now, called());
            timeline.look(late, 0, now).len()
        };
        assert_eq!(watched(NOW), 0);
        assert_eq!(watched(NOW + WATCHED), 1);
    }

    /// It may be held for long only by those who watch that very session.
    #[test]
    fn who_is_not_watched_waits_for_nobody_who_is() {
        let (timeline, session) = (Timeline::default(), SessionId::generate());
        timeline.look(session, 0, NOW);
        let notes = timeline.find(session).unwrap();
        let (_reader, _writer) = (timeline.read(), lock(&notes));
        timeline.note(SessionId::generate(), NOW, called());
        assert!(!timeline.takes_reply(SessionId::generate()));
    }

    #[test]
    fn old_events_make_room_and_keep_their_numbers() {
        let (timeline, session) = (Timeline::default(), SessionId::generate());
        timeline.look(session, 0, NOW);
        for _ in 0..MAX_EVENTS + 5 {
            timeline.note(session, NOW, called());
        }
        let events = timeline.look(session, 0, NOW);
        assert_eq!(events.len(), MAX_EVENTS);
        assert_eq!(events[0].number, 6);
    }

    #[test]
    fn one_reply_gets_lost_and_no_more() {
        let (timeline, session) = (Timeline::default(), SessionId::generate());
        timeline.drop_next_reply(session);
        assert!(!timeline.takes_reply(session), "nobody watches");
        timeline.look(session, 0, NOW);
        timeline.drop_next_reply(session);
        assert!(timeline.takes_reply(session));
        assert!(!timeline.takes_reply(session));
    }
}
