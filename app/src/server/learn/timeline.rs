//! What happens to the sessions that somebody is watching.
//!
//! Nothing is noted of a session that nobody watches. What is noted is what happened, when, and in
//! which generation: never a token.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use monban_auth::{SessionId, Timestamp};

use crate::learn::session::{EventView, What};

/// How long after its last look a session counts as watched.
const WATCHED: Duration = Duration::from_mins(1);
/// The most sessions that are watched at once.
const MAX_SESSIONS: usize = 1000;
/// The most events that wait to be looked at.
const MAX_EVENTS: usize = 200;

/// The notes on all watched sessions.
#[derive(Debug, Default)]
pub struct Timeline {
    sessions: Mutex<HashMap<SessionId, Notes>>,
    /// Whether there are any, for the requests of everybody else.
    watching: AtomicBool,
}

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
        let mut sessions = self.watched(now);
        if sessions.len() >= MAX_SESSIONS && !sessions.contains_key(&session) {
            return Vec::new();
        }
        self.watching.store(true, Ordering::Relaxed);
        let notes = sessions.entry(session).or_insert_with(|| Notes {
            events: VecDeque::new(),
            next: 1,
            looked_at: now,
            drop_reply: false,
        });
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
        let mut sessions = self.watched(now);
        self.watching.store(!sessions.is_empty(), Ordering::Relaxed);
        if let Some(notes) = sessions.get_mut(&session) {
            if notes.events.len() == MAX_EVENTS {
                notes.events.pop_front();
            }
            notes.events.push_back(EventView {
                number: notes.next,
                at: now.as_millis(),
                what,
            });
            notes.next += 1;
        }
    }

    /// Lets the reply with the session's next pair get lost, if it is watched.
    pub(crate) fn drop_next_reply(&self, session: SessionId) {
        if let Some(notes) = self.sessions().get_mut(&session) {
            notes.drop_reply = true;
        }
    }

    /// Whether this reply gets lost. Once only.
    pub fn takes_reply(&self, session: SessionId) -> bool {
        self.is_watching()
            && self
                .sessions()
                .get_mut(&session)
                .is_some_and(|notes| std::mem::take(&mut notes.drop_reply))
    }

    /// Those that somebody still looks at.
    fn watched(&self, now: Timestamp) -> MutexGuard<'_, HashMap<SessionId, Notes>> {
        let mut sessions = self.sessions();
        sessions.retain(|_, notes| now.since(notes.looked_at) < WATCHED);
        sessions
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<SessionId, Notes>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
