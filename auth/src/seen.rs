//! Which generation was last seen in use: the evidence that a refresh reply arrived.
//!
//! Access tokens carry their generation, so any request proves that its browser holds that
//! generation. The proof is noted in memory and written behind. Losing it in a crash makes the
//! [verdict](crate::rotation) milder for a while. It is harsher in one case only: the window from the
//! first use is forgotten, too, when a lost reply was mended just before the cap.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use crate::{
    clock::Timestamp,
    session::{Generation, Lifetimes, SessionId},
};

/// "Last seen" in the session list is this exact.
const GRAIN: Duration = Duration::from_mins(1);

/// One session's newest sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Whose.
    pub session: SessionId,
    /// The newest generation that came.
    pub generation: Generation,
    /// When it first came.
    pub first_at: Timestamp,
    /// When any last came.
    pub at: Timestamp,
}

/// What this node saw.
#[derive(Debug, Default)]
pub struct Seen(RwLock<HashMap<SessionId, Note>>);

#[derive(Clone, Copy, Debug)]
struct Note {
    generation: Generation,
    first_at: Timestamp,
    at: Timestamp,
    written: bool,
}

impl Seen {
    /// Notes that a request came with this generation. Cheap when that is no news.
    pub fn note(&self, session: SessionId, generation: Generation, now: Timestamp) {
        let known = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&session)
            .copied();
        if known.is_some_and(|note| note.generation >= generation && now.since(note.at) < GRAIN) {
            return;
        }
        let mut notes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let fresh = Note {
            generation,
            first_at: now,
            at: now,
            written: false,
        };
        let note = notes.entry(session).or_insert(fresh);
        if note.generation < generation {
            *note = fresh;
        }
        note.at = note.at.max(now);
        note.written = false;
    }

    /// The newest generation of the session that was seen here, and when it first was.
    pub fn newest(&self, session: SessionId) -> Option<(Generation, Timestamp)> {
        let notes = self.0.read().unwrap_or_else(PoisonError::into_inner);
        notes
            .get(&session)
            .map(|note| (note.generation, note.first_at))
    }

    /// What is not written yet. Call [`written`](Self::written) once it is.
    pub fn unwritten(&self) -> Vec<Sighting> {
        let notes = self.0.read().unwrap_or_else(PoisonError::into_inner);
        notes
            .iter()
            .filter(|(_, note)| !note.written)
            .map(|(&session, note)| Sighting {
                session,
                generation: note.generation,
                first_at: note.first_at,
                at: note.at,
            })
            .collect()
    }

    /// Marks sightings as written.
    pub fn written(&self, sightings: &[Sighting]) {
        let mut notes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for sighting in sightings {
            if let Some(note) = notes.get_mut(&sighting.session) {
                note.written |= note.generation == sighting.generation && note.at == sighting.at;
            }
        }
    }

    /// Forgets what is written and what no access token can still repeat.
    pub fn purge(&self, now: Timestamp) {
        let mut notes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        notes.retain(|_, note| !note.written || now.since(note.at) < Lifetimes::MAX_ACCESS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_000_000);

    #[test]
    fn the_newest_generation_counts_even_when_an_older_request_comes_late() {
        let (seen, session) = (Seen::default(), SessionId::generate());
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
        let (seen, session) = (Seen::default(), SessionId::generate());
        seen.note(session, Generation::FIRST, START);
        let first = seen.unwritten();
        let generation = Generation::FIRST;
        assert_eq!(
            first,
            [Sighting {
                session,
                generation,
                first_at: START,
                at: START
            }]
        );

        seen.written(&first);
        seen.note(session, Generation::FIRST, START + Duration::from_secs(1));
        assert_eq!(seen.unwritten(), []);

        seen.note(
            session,
            Generation::FIRST.next(),
            START + Duration::from_secs(2),
        );
        assert_eq!(seen.unwritten().len(), 1);
    }

    #[test]
    fn a_note_made_while_others_were_written_is_not_lost() {
        let (seen, session) = (Seen::default(), SessionId::generate());
        seen.note(session, Generation::FIRST, START);
        let batch = seen.unwritten();
        seen.note(session, Generation::FIRST.next(), START);
        seen.written(&batch);
        assert_eq!(seen.unwritten().len(), 1);
    }

    #[test]
    fn memory_is_given_back_once_no_token_can_repeat_the_note() {
        let (seen, session) = (Seen::default(), SessionId::generate());
        seen.note(session, Generation::FIRST, START);
        let batch = seen.unwritten();
        seen.written(&batch);
        seen.purge(START + Lifetimes::MAX_ACCESS);
        assert_eq!(seen.newest(session), None);
    }
}
