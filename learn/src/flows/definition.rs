//! The definition of a flow: its participants and steps, in both languages.

use super::step::{FlowView, Rfc, Shows, StepView};
use crate::{
    Source,
    bilingual::{Bilingual, in_language},
    diagram::Tone,
    sandbox::{FlowName, Participant},
};
use monban_leptos::preferences::Language;

/// A flow as a page explains it.
#[derive(Debug)]
pub struct Flow {
    /// The name of the flow.
    pub name: FlowName,
    /// The participants, from left to right in the diagram.
    pub participants: &'static [Participant],
    /// The steps, in their order.
    pub steps: &'static [FlowStep],
}

/// One step of a flow.
#[derive(Clone, Copy, Debug)]
pub struct FlowStep {
    /// The participant that acts.
    pub from: Participant,
    /// The participant that is acted upon; the same one if nothing is sent.
    pub to: Participant,
    /// The part of a run that the step shows.
    pub shows: Shows,
    label: Bilingual,
    note: Bilingual,
    tone: Tone,
    source: (&'static str, &'static str),
    rfc: (u16, &'static str),
}

impl Flow {
    /// The flow in that language.
    pub(super) fn view(&self, language: Language) -> FlowView {
        let steps = self.steps.iter().map(|step| step.view(language));
        FlowView {
            name: self.name,
            participants: self.participants.to_vec(),
            steps: steps.collect(),
        }
    }
}

/// A step from one participant to the other, which shows nothing of a run.
pub(super) const fn step(
    (from, to): (Participant, Participant),
    label: Bilingual,
    note: Bilingual,
    source: (&'static str, &'static str),
    rfc: (u16, &'static str),
) -> FlowStep {
    FlowStep {
        from,
        to,
        label,
        note,
        shows: Shows::Nothing,
        tone: Tone::Plain,
        source,
        rfc,
    }
}

impl FlowStep {
    fn view(&self, language: Language) -> StepView {
        let (number, section) = self.rfc;
        StepView {
            from: self.from,
            to: self.to,
            label: in_language(self.label, language),
            note: in_language(self.note, language),
            shows: self.shows,
            tone: self.tone,
            source: self.source(),
            rfc: Rfc {
                number,
                section: section.to_owned(),
            },
        }
    }

    /// The step is the request of that exchange.
    pub(super) const fn request(self, exchange: usize) -> Self {
        Self {
            shows: Shows::Request(exchange),
            ..self
        }
    }

    /// The step is the response of that exchange.
    pub(super) const fn response(self, exchange: usize) -> Self {
        Self {
            shows: Shows::Response(exchange),
            ..self
        }
    }

    /// The step is what that exchange did to the session's row.
    pub(super) const fn row(self, exchange: usize) -> Self {
        Self {
            shows: Shows::Row(exchange),
            ..self
        }
    }

    /// The step went well.
    pub(super) const fn good(self) -> Self {
        Self {
            tone: Tone::Good,
            ..self
        }
    }

    /// The step is refused, or part of an attack.
    pub(super) const fn bad(self) -> Self {
        Self {
            tone: Tone::Bad,
            ..self
        }
    }

    /// The item of the source that does the step.
    pub fn source(&self) -> Source {
        Source::new(self.source.0, self.source.1)
    }
}
