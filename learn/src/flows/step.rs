//! What a flow is made of: as it goes to the page, and, on the server only, as it is written down.
//! Words that stood in the browser's own code would be loaded by everybody.

use serde::{Deserialize, Serialize};

use crate::{
    Source,
    diagram::Tone,
    sandbox::{FlowName, Party},
};

/// A flow, as it is explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FlowView {
    /// Which one.
    pub(super) name: FlowName,
    /// Who takes part, from left to right.
    pub(super) parties: Vec<Party>,
    /// What happens.
    pub(super) steps: Vec<StepView>,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StepView {
    /// Who does it.
    pub(super) from: Party,
    /// To whom.
    pub(super) to: Party,
    /// What, in a few words.
    pub(super) label: String,
    /// Why, and what to look at.
    pub(super) note: String,
    /// What of a run belongs to it.
    pub(super) shows: Shows,
    /// How it is meant.
    pub(super) tone: Tone,
    /// Where the source does it.
    pub(super) source: Source,
    /// Where it is specified.
    pub(super) rfc: Rfc,
}

/// What of a run belongs to a step: the exchanges are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shows {
    /// It crosses no wire.
    Nothing,
    /// The request.
    Request(usize),
    /// The response.
    Response(usize),
    /// The session's row, before and after.
    Row(usize),
}

impl Shows {
    /// Which exchange.
    pub const fn exchange(self) -> Option<usize> {
        match self {
            Self::Nothing => None,
            Self::Request(place) | Self::Response(place) | Self::Row(place) => Some(place),
        }
    }
}

/// A section of an RFC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rfc {
    /// Its number.
    pub(super) number: u16,
    /// The section.
    pub(super) section: String,
}

impl Rfc {
    /// Where to read it.
    pub(super) fn url(&self) -> String {
        let Self { number, section } = self;
        format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}")
    }
}
