//! What was done, and what came of it.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub schedules: u64,
    pub steps: u64,
    pub bursts: u64,
    /// Answers that never arrived, whoever's fault it was.
    pub dropped: u64,
    pub kills: u64,
    pub thefts: u64,
    /// Sessions ended because both sides of a theft went on.
    pub noticed: u64,
    /// Answers that asked for patience (503).
    pub busy: u64,
    /// Schedules refused for an answer that took a window.
    pub out_of_time: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.schedules += other.schedules;
        self.steps += other.steps;
        self.bursts += other.bursts;
        self.dropped += other.dropped;
        self.kills += other.kills;
        self.thefts += other.thefts;
        self.noticed += other.noticed;
        self.busy += other.busy;
        self.out_of_time += other.out_of_time;
    }
}
