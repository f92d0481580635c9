//! What an attack's page is made of.

use serde::{Deserialize, Serialize};

use super::AttackName;
use crate::{
    Source,
    diagram::{Diagram, Lane, Step, Tone},
};

/// An attack, as it is explained, in the language of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AttackText {
    /// Which one.
    pub(super) name: AttackName,
    /// The lines of defence.
    pub(super) sources: Vec<Source>,
    /// Where to read on: title and address.
    pub(super) reading: Vec<(String, String)>,
    /// What to see in each exchange of a run, in their order.
    pub(super) looks: Vec<LookText>,
    /// Where the attack can be made by the visitor's own browser: address and words.
    pub(super) elsewhere: Option<(String, String)>,
    /// Who would take part if nothing stopped it, from left to right.
    pub(super) lanes: Vec<String>,
    /// What would happen then.
    pub(super) without: Vec<ToldText>,
}

/// What to see in an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LookText {
    /// With a sign for how it is meant.
    pub(super) text: String,
    /// Whether the session's row belongs to it.
    pub(super) row: bool,
}

/// What did not happen, but would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ToldText {
    pub(super) between: (usize, usize),
    pub(super) label: String,
    pub(super) note: String,
    /// Whether it does harm.
    pub(super) bad: bool,
}

impl AttackText {
    /// The drawing of what would happen if nothing stopped it.
    pub(super) fn drawing(&self) -> Diagram {
        let lanes = self.lanes.iter().cloned();
        let steps = self.without.iter().cloned().map(|told| Step {
            from: told.between.0,
            to: told.between.1,
            label: told.label,
            note: told.note,
            tone: if told.bad { Tone::Bad } else { Tone::Plain },
        });
        Diagram {
            lanes: lanes.map(|label| Lane { label }).collect(),
            steps: steps.collect(),
        }
    }
}
