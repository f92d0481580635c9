//! What a flow's data is made of.

use crate::{
    learn::{
        Source,
        diagram::Tone,
        sandbox::{FlowName, Party},
    },
    page::PageContext,
    preferences::Language,
};

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

impl Words {
    /// The text in the language of the page.
    pub fn get(self) -> &'static str {
        match PageContext::get().language {
            Language::En => self.en,
            Language::Ja => self.ja,
        }
    }
}

/// One step of a flow.
#[derive(Clone, Copy, Debug)]
pub struct FlowStep {
    /// Who does it.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// What, in a few words.
    pub label: Words,
    /// Why, and what to look at.
    pub note: Words,
    /// What of a run belongs to it.
    pub shows: Shows,
    /// How it is meant.
    pub(in crate::learn) tone: Tone,
    source: (&'static str, &'static str),
    /// Where it is specified.
    pub rfc: Rfc,
}

/// What of a run belongs to a step: the exchanges are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug)]
pub struct Rfc {
    /// Its number.
    pub number: u16,
    /// The section.
    pub section: &'static str,
}

impl Rfc {
    /// Where to read it.
    pub fn url(self) -> String {
        let Self { number, section } = self;
        format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}")
    }
}

/// A step from one to the other: the label in both languages, then the note in both.
pub(super) const fn step(
    (from, to): (Party, Party),
    label: (&'static str, &'static str),
    note: (&'static str, &'static str),
    source: (&'static str, &'static str),
    (number, section): (u16, &'static str),
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
        rfc: Rfc { number, section },
    }
}

impl FlowStep {
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
