//! Which generation was last seen in use: the evidence that a refresh reply arrived.
//!
//! Access tokens carry their generation, so any request proves that its browser holds that
//! generation. The proof is noted in memory and written behind. Losing it in a crash makes the
//! [verdict](crate::sessions::rotation) milder for a while. It is harsher in one case only: the window from the
//! first use is forgotten, too, when a lost reply was mended just before the cap.
//!
//! In memory "last used" is exact. In the row, and so on other nodes, it may be a minute old.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::{
    clock::Timestamp,
    sessions::{Generation, Lifetimes, SessionId},
};

/// "Last used" in the row is this exact.
const GRAIN: Duration = Duration::from_mins(1);
/// While so many sessions wait to be written, because the database is away, no other is noted: about
/// 10 MB. For those the verdict is milder.
const UNWRITTEN_AT_MOST: usize = 100_000;

/// One session's newest sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The session that was used.
    pub session: SessionId,
    /// The newest generation that came.
    pub generation: Generation,
    /// When it first came.
    pub first_at: Timestamp,
    /// When any last came.
    pub at: Timestamp,
}

/// What this node saw. Holds the sessions used in the last hour, and all that are not written yet.
#[derive(Debug)]
pub struct Evidence {
    notes: RwLock<Notes>,
    unwritten_at_most: usize,
    dropped: AtomicU64,
}

#[derive(Debug, Default)]
struct Notes {
    by_session: HashMap<SessionId, Note>,
    /// How many of them are not written.
    unwritten: usize,
}

#[derive(Debug)]
struct Note {
    generation: Generation,
    first_at: Timestamp,
    /// When any last came, in milliseconds: moved under the reading lock.
    at: AtomicI64,
    /// The last use that was worth a write.
    news_at: Timestamp,
    /// When what is not written began to wait; `None` if all is.
    waits_since: Option<Timestamp>,
}

impl Note {
    fn at(&self) -> Timestamp {
        Timestamp::from_millis(self.at.load(Ordering::Relaxed))
    }
}

impl Default for Evidence {
    fn default() -> Self {
        Self::holding(UNWRITTEN_AT_MOST)
    }
}

impl Evidence {
    /// One that lets at most so many sessions wait.
    fn holding(unwritten_at_most: usize) -> Self {
        Self {
            notes: RwLock::default(),
            unwritten_at_most,
            dropped: AtomicU64::new(0),
        }
    }

    /// Notes that a request came with this generation. Cheap when that is no news.
    pub fn note(&self, session: SessionId, generation: Generation, now: Timestamp) {
        if self.is_no_news(session, generation, now) {
            return;
        }
        let mut notes = self.notes.write().unwrap_or_else(PoisonError::into_inner);
        let Notes {
            by_session,
            unwritten,
        } = &mut *notes;
        if !by_session.contains_key(&session) && *unwritten >= self.unwritten_at_most {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let note = by_session.entry(session).or_insert_with(|| Note {
            generation,
            first_at: now,
            at: AtomicI64::new(now.as_millis()),
            news_at: now,
            waits_since: None,
        });
        if note.generation < generation {
            (note.generation, note.first_at) = (generation, now);
        }
        note.at.fetch_max(now.as_millis(), Ordering::Relaxed);
        note.news_at = note.at();
        if note.waits_since.is_none() {
            note.waits_since = Some(now);
            *unwritten += 1;
        }
    }

    fn is_no_news(&self, session: SessionId, generation: Generation, now: Timestamp) -> bool {
        let notes = self.notes.read().unwrap_or_else(PoisonError::into_inner);
        let known = notes.by_session.get(&session);
        known.is_some_and(|note| {
            note.at.fetch_max(now.as_millis(), Ordering::Relaxed);
            note.generation >= generation && now.since(note.news_at) < GRAIN
        })
    }

    /// The newest generation of the session that was seen here, and when it first was.
    pub fn newest(&self, session: SessionId) -> Option<(Generation, Timestamp)> {
        let notes = self.notes.read().unwrap_or_else(PoisonError::into_inner);
        let note = notes.by_session.get(&session);
        note.map(|note| (note.generation, note.first_at))
    }

    /// When the session was last used here.
    pub fn last_used(&self, session: SessionId) -> Option<Timestamp> {
        let notes = self.notes.read().unwrap_or_else(PoisonError::into_inner);
        notes.by_session.get(&session).map(Note::at)
    }

    /// What is not written yet. Call [`written`](Self::written) once it is.
    pub fn unwritten(&self) -> Vec<Use> {
        let notes = self.notes.read().unwrap_or_else(PoisonError::into_inner);
        let waiting = |note: &&Note| note.waits_since.is_some();
        let used = |session, note: &Note| Use {
            session,
            generation: note.generation,
            first_at: note.first_at,
            at: note.at(),
        };
        let notes = notes.by_session.iter();
        notes
            .filter(|(_, note)| waiting(note))
            .map(|(&session, note)| used(session, note))
            .collect()
    }

    /// Marks uses as written.
    pub fn written(&self, uses: &[Use]) {
        let mut notes = self.notes.write().unwrap_or_else(PoisonError::into_inner);
        let Notes {
            by_session,
            unwritten,
        } = &mut *notes;
        for used in uses {
            if let Some(note) = by_session.get_mut(&used.session)
                && note.generation == used.generation
                && note.news_at <= used.at
                && note.waits_since.take().is_some()
            {
                *unwritten -= 1;
            }
        }
    }

    /// How many sessions wait to be written, and since when the first of them does.
    pub fn waiting(&self) -> (usize, Option<Timestamp>) {
        let notes = self.notes.read().unwrap_or_else(PoisonError::into_inner);
        let since = notes.by_session.values().filter_map(|n| n.waits_since);
        (notes.unwritten, since.min())
    }

    /// How many uses were not noted because too many waited.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Forgets what is written and what no access token can still repeat.
    pub fn purge(&self, now: Timestamp) {
        let mut notes = self.notes.write().unwrap_or_else(PoisonError::into_inner);
        let matters = |note: &Note| {
            note.waits_since.is_some() || now.since(note.at()) < Lifetimes::MAX_ACCESS
        };
        notes.by_session.retain(|_, note| matters(note));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_000_000);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_newest_generation_counts_even_when_an_older_request_comes_late() {
        let (seen, session) = (Evidence::default(), SessionId::generate());
        let (first, second) = (Generation::FIRST, Generation::FIRST.next());
        assert_eq!(seen.newest(session), None);
        seen.note(session, first, START);
        seen.note(session, second, START + GRAIN);
        seen.note(session, first, START + GRAIN * 2);
        assert_eq!(seen.newest(session), Some((second, START + GRAIN)));
        assert_eq!(seen.unwritten()[0].at, START + GRAIN * 2);
    }

    #[test]
    fn what_is_written_is_not_written_again_until_there_is_news() {
        let (seen, session) = (Evidence::default(), SessionId::generate());
        seen.note(session, Generation::FIRST, START);
        let first = seen.unwritten();
        let generation = Generation::FIRST;
        assert_eq!(
            first,
            [Use {
                session,
                generation,
                first_at: START,
                at: START
            }]
        );

        seen.written(&first);
        seen.note(session, Generation::FIRST, START + SECOND);
        assert_eq!(seen.unwritten(), []);

        seen.note(session, Generation::FIRST.next(), START + 2 * SECOND);
        assert_eq!(seen.unwritten().len(), 1);
    }

    #[test]
    fn the_last_use_is_exact_here_and_a_write_takes_along_the_newest() {
        let (seen, session) = (Evidence::default(), SessionId::generate());
        assert_eq!(seen.last_used(session), None);
        for seconds in 0..3 {
            seen.note(session, Generation::FIRST, START + seconds * SECOND);
        }
        assert_eq!(seen.last_used(session), Some(START + 2 * SECOND));
        let batch = seen.unwritten();
        assert_eq!(batch[0].at, START + 2 * SECOND);
        seen.note(session, Generation::FIRST, START + 3 * SECOND);
        seen.written(&batch);
        assert_eq!(seen.waiting(), (0, None), "no news since, within the grain");
    }

    #[test]
    fn a_note_made_while_others_were_written_is_not_lost() {
        let (seen, session) = (Evidence::default(), SessionId::generate());
        seen.note(session, Generation::FIRST, START);
        let batch = seen.unwritten();
        seen.note(session, Generation::FIRST.next(), START);
        seen.written(&batch);
        assert_eq!(seen.unwritten().len(), 1);
    }

    #[test]
    fn memory_is_given_back_once_no_token_can_repeat_the_note() {
        let (seen, session) = (Evidence::default(), SessionId::generate());
        seen.note(session, Generation::FIRST, START);
        let batch = seen.unwritten();
        seen.written(&batch);
        seen.purge(START + Lifetimes::MAX_ACCESS);
        assert_eq!(seen.newest(session), None);
    }

    #[test]
    fn only_so_many_wait_and_what_is_not_noted_is_counted() {
        let seen = Evidence::holding(2);
        let sessions: Vec<_> = (0..3).map(|_| SessionId::generate()).collect();
        for (session, wait) in sessions.iter().zip([2, 1, 0]) {
            seen.note(*session, Generation::FIRST, START + wait * SECOND);
        }
        assert_eq!((seen.waiting().0, seen.dropped()), (2, 1));
        assert_eq!(seen.waiting().1, Some(START + SECOND), "the oldest");
        assert_eq!(seen.newest(sessions[2]), None);
        // Those that are known take no more memory.
        let newer = Generation::FIRST.next();
        seen.note(sessions[0], newer, START + 3 * SECOND);
        assert_eq!((seen.waiting().0, seen.dropped()), (2, 1));

        seen.written(&seen.unwritten());
        seen.note(sessions[2], Generation::FIRST, START);
        assert_eq!((seen.waiting().0, seen.dropped()), (1, 1));
    }
}
