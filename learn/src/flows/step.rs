//! A flow as it goes to the page, in one language. Its [definition](super::definition) is on the server
//! only: texts in the code of the browser would be loaded by every visitor.

use serde::{Deserialize, Serialize};

use crate::{
    Source,
    diagram::Tone,
    sandbox::{FlowName, Participant},
};

/// A flow as a page explains it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FlowView {
    /// The name of the flow.
    pub(super) name: FlowName,
    /// The participants, from left to right in the diagram.
    pub(super) participants: Vec<Participant>,
    /// The steps, in their order.
    pub(super) steps: Vec<StepView>,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StepView {
    /// The participant that acts.
    pub(super) from: Participant,
    /// The participant that is acted upon; the same one if nothing is sent.
    pub(super) to: Participant,
    /// The step in a few words.
    pub(super) label: String,
    /// The reason for the step, or what to look at.
    pub(super) note: String,
    /// The part of a run that the step shows.
    pub(super) shows: Shows,
    /// Whether the step goes well.
    pub(super) tone: Tone,
    /// The item of the source that does the step.
    pub(super) source: Source,
    /// The section that specifies it.
    pub(super) rfc: Rfc,
}

/// The part of a run that a step shows. Exchanges are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shows {
    /// Nothing: the step sends no message.
    Nothing,
    /// The request of that exchange.
    Request(usize),
    /// The response of that exchange.
    Response(usize),
    /// The session's row before and after that exchange.
    Row(usize),
}

impl Shows {
    /// The index of the exchange.
    pub const fn exchange(self) -> Option<usize> {
        match self {
            Self::Nothing => None,
            Self::Request(index) | Self::Response(index) | Self::Row(index) => Some(index),
        }
    }
}

/// A section of an RFC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rfc {
    /// The number of the RFC.
    pub(super) number: u16,
    /// The number of the section.
    pub(super) section: String,
}

impl Rfc {
    /// The address of the section.
    pub(super) fn url(&self) -> String {
        let Self { number, section } = self;
        format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}")
    }
}
