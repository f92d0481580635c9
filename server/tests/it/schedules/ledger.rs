//! What a session's answers must say, from what they have said so far.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    exchange::{Outcome, Sent},
    fleet::{Place, WINDOW},
    schedule::Who,
};

/// How far the clocks of two nodes may be apart, and what rounding adds.
const NOISE: Duration = Duration::from_millis(300);
/// After so long since the newer generation was used, the older one is a replay where that was seen.
pub const REPLAYED: Duration = WINDOW.saturating_add(NOISE);

/// All that is known from outside of one session.
pub struct Ledger {
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

/// What tells a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evidence {
    Over,
    TwoBehind,
    Used(Use),
}

/// A generation was in use there, lastly then. It need not be the first time that counts: of two
/// nodes, the later one may have written its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Use {
    generation: i64,
    place: Place,
    at: Instant,
    /// Whether the row knows of that generation's use.
    written: bool,
}

impl Ledger {
    /// Of a session that has just begun.
    pub fn new() -> Self {
        Self {
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

    /// Where a generation was lastly seen in use.
    pub fn last_use(&self) -> Option<Place> {
        self.uses.last().map(|used| used.place)
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
        let evidence = self.evidence_against(sent);
        assert_eq!(evidence, None, "a replay was renewed: {sent:?}");
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

    /// The row says that this generation was seen in use, no later than now.
    pub fn note_written(&mut self, generation: i64) {
        for used in &mut self.uses {
            if used.generation == generation {
                used.written = true;
                used.at = Instant::now();
            }
        }
    }

    fn note_use(&mut self, sent: &Sent) {
        let (generation, place) = (sent.access.unwrap(), sent.place);
        let own = |used: &Use| (used.generation, used.place) == (generation, place);
        let written = self.uses.iter().any(|used| own(used) && used.written);
        self.uses.retain(|used| !own(used));
        self.uses.push(Use {
            generation,
            place,
            at: Instant::now(),
            written,
        });
    }

    /// Why the node that answered could not but know that the token was superseded.
    fn evidence_against(&self, sent: &Sent) -> Option<Evidence> {
        let presented = sent.presented.unwrap();
        if self.over_since.is_some_and(|since| sent.gone_at > since) {
            return Some(Evidence::Over);
        }
        if sent.newest > presented + 1 {
            return Some(Evidence::TwoBehind);
        }
        let newer = || self.uses.iter().filter(|used| used.generation > presented);
        let last = newer().map(|used| used.at).max()?;
        let known = newer().find(|used| used.written || used.place == sent.place)?;
        (sent.gone_at > last + REPLAYED).then_some(Evidence::Used(*known))
    }
}
