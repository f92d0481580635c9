//! An attack as it goes to the page, in one language.

use serde::{Deserialize, Serialize};

use super::AttackName;
use crate::{
    Source,
    diagram::{Diagram, Lane, Step, Tone},
};

/// An attack as a page explains it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttackView {
    /// The name of the attack.
    pub(super) name: AttackName,
    /// The sources that stop it.
    pub(super) sources: Vec<Source>,
    /// Further reading: title and address.
    pub(super) reading: Vec<(String, String)>,
    /// The explanation of each exchange of a run, in their order.
    pub(super) explanations: Vec<ExplanationView>,
    /// The other site from which the visitor's own browser can make the attack: address and label.
    pub(super) other_site: Option<(String, String)>,
    /// The participants if nothing stopped the attack, from left to right in the diagram.
    pub(super) lanes: Vec<String>,
    /// The steps if nothing stopped the attack.
    pub(super) undefended: Vec<UndefendedStepView>,
}

/// The explanation of an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ExplanationView {
    /// The text, with a sign if the attack was stopped or got through.
    pub(super) text: String,
    /// Whether the session's row is shown with it.
    pub(super) row: bool,
}

/// A step that would happen if nothing stopped the attack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UndefendedStepView {
    /// The lanes that it goes from and to.
    pub(super) lanes: (usize, usize),
    /// The step in a few words.
    pub(super) label: String,
    /// More about the step.
    pub(super) note: String,
    /// Whether it does harm.
    pub(super) is_harmful: bool,
}

impl AttackView {
    /// The diagram of what would happen if nothing stopped the attack.
    pub(super) fn undefended_diagram(&self) -> Diagram {
        let lanes = self.lanes.iter().cloned();
        let steps = self.undefended.iter().cloned().map(|step| Step {
            from: step.lanes.0,
            to: step.lanes.1,
            label: step.label,
            note: step.note,
            tone: if step.is_harmful {
                Tone::Bad
            } else {
                Tone::Plain
            },
        });
        Diagram {
            lanes: lanes.map(|label| Lane { label }).collect(),
            steps: steps.collect(),
        }
    }
}
