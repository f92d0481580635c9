//! What an attack's data is made of.

use super::AttackName;
use crate::learn::{
    Source,
    diagram::{Diagram, Lane, Step, Tone},
    flows::step::Words,
};

/// An attack, as it is explained.
#[derive(Debug)]
pub struct Attack {
    /// Which one.
    pub name: AttackName,
    /// The lines of defence: file and item.
    pub(super) sources: &'static [(&'static str, &'static str)],
    /// Where to read on: title and address.
    pub(super) reading: &'static [(&'static str, &'static str)],
    /// What to see in each exchange of a run, in their order.
    pub looks: &'static [Look],
    /// Who would take part if nothing stopped it, from left to right.
    pub(super) lanes: &'static [(&'static str, &'static str)],
    /// What would happen then.
    pub(super) without: &'static [Told],
}

impl Attack {
    /// Where the source stops it.
    pub fn sources(&self) -> impl Iterator<Item = Source> + use<> {
        let sources = self.sources.iter();
        sources.map(|(path, item)| Source::new(path, item))
    }

    /// The drawing of what would happen if nothing stopped it.
    pub(super) fn without(&self) -> Diagram {
        let words = |both: &(&'static str, &'static str)| Words::new(*both).get().to_owned();
        Diagram {
            lanes: self
                .lanes
                .iter()
                .map(|label| Lane {
                    label: words(label),
                })
                .collect(),
            steps: self
                .without
                .iter()
                .map(|told| Step {
                    from: told.between.0,
                    to: told.between.1,
                    label: words(&told.label),
                    note: words(&told.note),
                    tone: told.tone,
                })
                .collect(),
        }
    }
}

/// What to see in an exchange.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    words: Words,
    pub(super) tone: Tone,
    /// Whether the session's row belongs to it.
    pub(super) row: bool,
}

/// In English, then in Japanese.
pub(super) const fn look(en: &'static str, ja: &'static str) -> Look {
    Look {
        words: Words::new((en, ja)),
        tone: Tone::Plain,
        row: false,
    }
}

impl Look {
    /// The words, with a sign for how it is meant.
    pub(super) fn text(self) -> String {
        format!("{}{}", self.tone.sign(), self.words.get())
    }

    /// The defence held.
    pub(super) const fn held(self) -> Self {
        Self {
            tone: Tone::Good,
            ..self
        }
    }

    /// It got through.
    pub(super) const fn through(self) -> Self {
        Self {
            tone: Tone::Bad,
            ..self
        }
    }

    /// With the session's row.
    pub(super) const fn row(self) -> Self {
        Self { row: true, ..self }
    }
}

/// What did not happen, but would.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    between: (usize, usize),
    label: (&'static str, &'static str),
    note: (&'static str, &'static str),
    tone: Tone,
}

/// From one lane to the other: the label in both languages, then the note in both.
pub(super) const fn told(
    between: (usize, usize),
    label: (&'static str, &'static str),
    note: (&'static str, &'static str),
) -> Told {
    Told {
        between,
        label,
        note,
        tone: Tone::Plain,
    }
}

impl Told {
    /// It does harm.
    pub(super) const fn bad(self) -> Self {
        Self {
            tone: Tone::Bad,
            ..self
        }
    }
}
