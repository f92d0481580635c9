//! An attack as it is written down, in both languages. On the server only: words that stood in the
//! browser's own code would be loaded by everybody.

use leptos_i18n::td_string;

use super::{
    AttackName,
    attack::{AttackText, LookText, ToldText},
};
use monban_leptos::preferences::Language;

use crate::{OTHER_SITE, Source, i18n::locale_of, server::Learning};

/// A text in English, then in Japanese.
type Words = (&'static str, &'static str);

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
    pub(super) lanes: &'static [Words],
    /// What would happen then.
    pub(super) without: &'static [Told],
}

impl Attack {
    /// Where the source stops it.
    pub fn sources(&self) -> impl Iterator<Item = Source> + use<> {
        let sources = self.sources.iter();
        sources.map(|(path, item)| Source::new(path, item))
    }

    /// What goes to the page.
    pub(super) fn text(&self, language: Language) -> AttackText {
        let word = |words: Words| match language {
            Language::En => words.0.to_owned(),
            Language::Ja => words.1.to_owned(),
        };
        let reading = self.reading.iter();
        AttackText {
            name: self.name,
            sources: self.sources().collect(),
            reading: reading
                .map(|(title, url)| ((*title).to_owned(), (*url).to_owned()))
                .collect(),
            looks: self
                .looks
                .iter()
                .map(|look| LookText {
                    text: format!("{}{}", look.sign, word(look.words)),
                    row: look.row,
                })
                .collect(),
            elsewhere: (self.name == AttackName::CrossSite)
                .then(|| elsewhere(language))
                .flatten(),
            lanes: self.lanes.iter().copied().map(word).collect(),
            without: self
                .without
                .iter()
                .map(|told| ToldText {
                    between: told.between,
                    label: word(told.label),
                    note: word(told.note),
                    bad: told.bad,
                })
                .collect(),
        }
    }
}

/// The page of another site from which the visitor's own browser can try it, where the site has
/// another name on the same machine.
fn elsewhere(language: Language) -> Option<(String, String)> {
    let learning = Learning::find().ok()?;
    let other = learning.other_site()?.clone();
    let address = format!("{other}{OTHER_SITE}?language={}", language.tag());
    let words = locale_of(language);
    let words = td_string!(words, attacks.other_site.open, other);
    Some((address, words))
}

/// What to see in an exchange.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    words: Words,
    sign: &'static str,
    row: bool,
}

/// In English, then in Japanese.
pub(super) const fn look(en: &'static str, ja: &'static str) -> Look {
    Look {
        words: (en, ja),
        sign: "",
        row: false,
    }
}

impl Look {
    /// The defence held.
    pub(super) const fn held(self) -> Self {
        Self {
            sign: "✓ ", ..self
        }
    }

    /// It got through.
    pub(super) const fn through(self) -> Self {
        Self {
            sign: "✕ ", ..self
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
    label: Words,
    note: Words,
    bad: bool,
}

/// From one lane to the other: what, in a few words, and more about it.
pub(super) const fn told(between: (usize, usize), label: Words, note: Words) -> Told {
    Told {
        between,
        label,
        note,
        bad: false,
    }
}

impl Told {
    /// It does harm.
    pub(super) const fn bad(self) -> Self {
        Self { bad: true, ..self }
    }
}
