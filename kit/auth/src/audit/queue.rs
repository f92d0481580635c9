//! Audit entries that stand alone and wait to be written together.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::audit::AuditEntry;

/// So many entries may wait while the database is away: about 1 MB. What comes beyond is counted and
/// lost.
const AT_MOST: usize = 10_000;

/// The entries, the oldest first.
#[derive(Debug)]
pub struct AuditQueue {
    waiting: Mutex<VecDeque<AuditEntry>>,
    at_most: usize,
    dropped: AtomicU64,
}

impl Default for AuditQueue {
    fn default() -> Self {
        Self::holding(AT_MOST)
    }
}

impl AuditQueue {
    fn holding(at_most: usize) -> Self {
        Self {
            waiting: Mutex::default(),
            at_most,
            dropped: AtomicU64::new(0),
        }
    }

    /// Adds an entry, if there is room. Answers how many wait.
    pub fn push(&self, entry: AuditEntry) -> usize {
        let mut waiting = self.waiting();
        if waiting.len() < self.at_most {
            waiting.push_back(entry);
        } else {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        waiting.len()
    }

    /// The oldest ones, at most so many. They stay until they are [written](Self::written).
    pub fn oldest(&self, most: usize) -> Vec<AuditEntry> {
        self.waiting().iter().take(most).copied().collect()
    }

    /// Forgets the oldest ones, which are written. By one writer at a time.
    pub fn written(&self, count: usize) {
        let mut waiting = self.waiting();
        let count = count.min(waiting.len());
        waiting.drain(..count);
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting().len()
    }

    /// How many there was no room for.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<AuditEntry>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audit::AuditEvent, clock::Timestamp};

    fn entry(at: i64) -> AuditEntry {
        AuditEntry::new(Timestamp::from_millis(at), AuditEvent::SignInRefused, None)
    }

    #[test]
    fn only_so_many_wait_and_what_is_lost_is_counted() {
        let queue = AuditQueue::holding(3);
        let lengths: Vec<_> = (0..5).map(|at| queue.push(entry(at))).collect();
        assert_eq!(lengths, [1, 2, 3, 3, 3]);
        assert_eq!((queue.len(), queue.dropped()), (3, 2));
        let oldest = queue.oldest(2);
        assert_eq!(oldest[0].at, Timestamp::from_millis(0));
        queue.written(oldest.len());
        assert_eq!(queue.oldest(9)[0].at, Timestamp::from_millis(2));
        assert_eq!(queue.push(entry(5)), 2);
    }
}
