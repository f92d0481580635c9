//! The definition of an attack, in both languages. On the server only: texts in the code of the browser
//! would be loaded by every visitor.

use leptos_i18n::td_string;

use super::{
    AttackName,
    view::{AttackView, ExplanationView, UndefendedStepView},
};
use monban_leptos::preferences::Language;

use crate::{
    OTHER_SITE, Source,
    bilingual::{Bilingual, in_language},
    i18n::locale_of,
    server::Learning,
};

/// An attack as a page explains it.
#[derive(Debug)]
pub struct Attack {
    /// The name of the attack.
    pub name: AttackName,
    /// The sources that stop it: file and item.
    pub(super) sources: &'static [(&'static str, &'static str)],
    /// Further reading: title and address.
    pub(super) reading: &'static [(&'static str, &'static str)],
    /// The explanation of each exchange of a run, in their order.
    pub explanations: &'static [Explanation],
    /// The participants if nothing stopped the attack, from left to right in the diagram.
    pub(super) lanes: &'static [Bilingual],
    /// The steps if nothing stopped the attack.
    pub(super) undefended: &'static [UndefendedStep],
}

impl Attack {
    /// The sources that stop it.
    pub fn sources(&self) -> impl Iterator<Item = Source> + use<> {
        let sources = self.sources.iter();
        sources.map(|(path, item)| Source::new(path, item))
    }

    /// Whether a step of it does what the attacker wants.
    pub fn gets_through(&self) -> bool {
        let mut explanations = self.explanations.iter();
        explanations.any(|explanation| explanation.sign == GOT_THROUGH)
    }

    /// The attack in that language.
    pub(super) fn view(&self, language: Language) -> AttackView {
        let text = |text: Bilingual| in_language(text, language);
        let reading = self.reading.iter();
        AttackView {
            name: self.name,
            sources: self.sources().collect(),
            reading: reading
                .map(|(title, url)| ((*title).to_owned(), (*url).to_owned()))
                .collect(),
            explanations: self
                .explanations
                .iter()
                .map(|explanation| ExplanationView {
                    text: format!("{}{}", explanation.sign, text(explanation.text)),
                    row: explanation.row,
                })
                .collect(),
            other_site: (self.name == AttackName::CrossSite)
                .then(|| other_site(language))
                .flatten(),
            lanes: self.lanes.iter().copied().map(text).collect(),
            undefended: self
                .undefended
                .iter()
                .map(|step| UndefendedStepView {
                    lanes: step.lanes,
                    label: text(step.label),
                    note: text(step.note),
                    is_harmful: step.is_harmful,
                })
                .collect(),
        }
    }
}

/// The page of another site from which the visitor's own browser can make the attack, if this server has
/// another name: its address and the label of the link.
fn other_site(language: Language) -> Option<(String, String)> {
    let learning = Learning::find().ok()?;
    let other = learning.other_site()?.clone();
    let address = format!("{other}{OTHER_SITE}?language={}", language.tag());
    let locale = locale_of(language);
    let label = td_string!(locale, attacks.other_site.open, other);
    Some((address, label))
}

/// The explanation of an exchange.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    text: Bilingual,
    sign: &'static str,
    row: bool,
}

/// What stands before the explanation of a step that was stopped.
const STOPPED: &str = "✓ ";
/// What stands before that of a step that was not.
const GOT_THROUGH: &str = "✕ ";

/// An explanation in English and in Japanese.
pub(super) const fn explanation(en: &'static str, ja: &'static str) -> Explanation {
    Explanation {
        text: (en, ja),
        sign: "",
        row: false,
    }
}

impl Explanation {
    /// The attack was stopped.
    pub(super) const fn stopped(self) -> Self {
        Self {
            sign: STOPPED,
            ..self
        }
    }

    /// The attack got through.
    pub(super) const fn got_through(self) -> Self {
        Self {
            sign: GOT_THROUGH,
            ..self
        }
    }

    /// The session's row is shown with it.
    pub(super) const fn row(self) -> Self {
        Self { row: true, ..self }
    }
}

/// A step that would happen if nothing stopped the attack.
#[derive(Clone, Copy, Debug)]
pub(super) struct UndefendedStep {
    lanes: (usize, usize),
    label: Bilingual,
    note: Bilingual,
    is_harmful: bool,
}

/// A step from one lane to another: in a few words, and more about it.
pub(super) const fn step(
    lanes: (usize, usize),
    label: Bilingual,
    note: Bilingual,
) -> UndefendedStep {
    UndefendedStep {
        lanes,
        label,
        note,
        is_harmful: false,
    }
}

impl UndefendedStep {
    /// The step does harm.
    pub(super) const fn harmful(self) -> Self {
        Self {
            is_harmful: true,
            ..self
        }
    }
}
