//! What a session's answers must say, from what they have said so far.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    exchange::{Outcome, Sent},
    fleet::{Fleet, Place, WINDOW},
    schedule::Who,
};

/// How far the clocks of two nodes may be apart, and what rounding adds.
const NOISE: Duration = Duration::from_millis(300);
/// After so long since the newer generation was used, the older one is a replay where that was seen.
pub const REPLAYED: Duration = WINDOW.saturating_add(NOISE);

/// All that is known from outside of one session.
pub struct Ledger {
    fleet: Arc<Fleet>,
    /// The newest generation that anybody was given.
    newest: i64,
    uses: Vec<Use>,
    /// Whether a copy was presented for renewal. Until then everybody is honest.
    copy_used: bool,
    /// Whether a request took a window, from the jar to the answer.
    strained: bool,
    over_since: Option<Instant>,
}

/// Why a schedule ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The theft was noticed.
    Noticed,
    /// A refusal may be due to a request that took a window.
    OutOfTime,
}

/// A generation was in use there.
struct Use {
    generation: i64,
    place: Place,
    at: Instant,
}

impl Ledger {
    /// Of a session that has just begun.
    pub fn new(fleet: Arc<Fleet>) -> Self {
        Self {
            fleet,
            newest: 1,
            uses: Vec::new(),
            copy_used: false,
            strained: false,
            over_since: None,
        }
    }

    /// The newest generation that anybody was given.
    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// A request is let go.
    pub fn goes(&mut self, sent: &Sent) {
        self.copy_used |= sent.who == Who::Thief && sent.presented.is_some();
    }

    /// Judges an answer.
    pub fn judge(&mut self, sent: &Sent, outcome: Outcome) -> Result<(), Over> {
        self.strained |= sent.taken_at.elapsed() >= WINDOW.saturating_sub(NOISE);
        match outcome {
            Outcome::Renewed(generation) => self.judge_renewal(sent, generation),
            Outcome::Known => self.note_use(sent),
            Outcome::Expired => assert_eq!(sent.access, None, "a good access token: {sent:?}"),
            Outcome::Refused => return self.judge_refusal(sent),
            Outcome::Busy | Outcome::Lost => {}
        }
        Ok(())
    }

    fn judge_renewal(&mut self, sent: &Sent, generation: i64) {
        let presented = sent.presented.unwrap();
        assert_eq!(generation, presented + 1, "a generation skipped: {sent:?}");
        assert!(generation >= sent.newest, "two live generations: {sent:?}");
        assert!(!self.is_replay(sent), "a replay was renewed: {sent:?}");
        self.newest = self.newest.max(generation);
    }

    fn judge_refusal(&mut self, sent: &Sent) -> Result<(), Over> {
        if self.over_since.is_some() {
            return Ok(());
        }
        let over = match (self.copy_used, self.strained) {
            (true, _) => Over::Noticed,
            (false, true) => Over::OutOfTime,
            (false, false) => panic!("signed out, and nobody stole anything: {sent:?}"),
        };
        self.over_since = Some(Instant::now());
        Err(over)
    }

    fn note_use(&mut self, sent: &Sent) {
        let generation = sent.access.unwrap();
        let known = |used: &Use| (used.generation, used.place) == (generation, sent.place);
        if !self.uses.iter().any(known) {
            self.uses.push(Use {
                generation,
                place: sent.place,
                at: Instant::now(),
            });
        }
    }

    /// Whether the token was superseded so that the node which answered could not but know.
    fn is_replay(&self, sent: &Sent) -> bool {
        let presented = sent.presented.unwrap();
        let seen = |used: &Use| {
            used.place == sent.place && sent.gone_at > used.at + REPLAYED
                || self.fleet.had_written(used.place, used.at, sent.gone_at)
        };
        self.over_since.is_some_and(|since| sent.gone_at > since)
            || sent.newest > presented + 1
            || self
                .uses
                .iter()
                .any(|used| used.generation > presented && seen(used))
    }
}
