//! How a flow is written down.

use super::step::{FlowView, Rfc, Shows, StepView};
use crate::{
    Source,
    diagram::Tone,
    sandbox::{FlowName, Party},
};
use monban_leptos::preferences::Language;

/// A flow, as it is explained.
#[derive(Debug)]
pub struct Flow {
    /// Which one.
    pub name: FlowName,
    /// Who takes part, from left to right.
    pub parties: &'static [Party],
    /// What happens.
    pub steps: &'static [FlowStep],
}

/// A text in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    en: &'static str,
    ja: &'static str,
}

/// One step of a flow.
#[derive(Clone, Copy, Debug)]
pub struct FlowStep {
    /// Who does it.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// What of a run belongs to it.
    pub shows: Shows,
    label: Words,
    note: Words,
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
            parties: self.parties.to_vec(),
            steps: steps.collect(),
        }
    }
}

impl Words {
    fn in_language(self, language: Language) -> String {
        match language {
            Language::En => self.en,
            Language::Ja => self.ja,
        }
        .to_owned()
    }
}

/// A step from one to the other: the label in both languages, then the note in both.
pub(super) const fn step(
    (from, to): (Party, Party),
    label: (&'static str, &'static str),
    note: (&'static str, &'static str),
    source: (&'static str, &'static str),
    rfc: (u16, &'static str),
) -> FlowStep {
    FlowStep {
        from,
        to,
        label: Words {
            en: label.0,
            ja: label.1,
        },
        note: Words {
            en: note.0,
            ja: note.1,
        },
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
            label: self.label.in_language(language),
            note: self.note.in_language(language),
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

    /// It went well.
    pub(super) const fn good(self) -> Self {
        Self {
            tone: Tone::Good,
            ..self
        }
    }

    /// It is refused, or an attack.
    pub(super) const fn bad(self) -> Self {
        Self {
            tone: Tone::Bad,
            ..self
        }
    }

    /// Where the source does it.
    pub fn source(&self) -> Source {
        Source::new(self.source.0, self.source.1)
    }
}
