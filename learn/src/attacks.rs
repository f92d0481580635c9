//! `/learn/attacks`: what is tried against a session, and what stops it.
//!
//! Each attack runs in the sandbox, against the server as it is. What would happen without the line
//! of defence is drawn and never run: nothing is ever switched off to show it.

mod attack;
mod attempt;
#[cfg(feature = "ssr")]
mod cookies;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod sign_in;
mod stage;
mod timing;
#[cfg(feature = "ssr")]
mod tokens;
#[cfg(feature = "ssr")]
pub mod written;

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use self::written::Attack;
use self::{attack::AttackText, stage::AttackStage};
#[cfg(feature = "ssr")]
use super::Source;
use super::{Lesson, Prose, Topic};

pub use self::attempt::{AttackName, AttackView, TimingView};

/// Every attack, in the order in which to read them.
#[cfg(feature = "ssr")]
pub const ATTACKS: [&Attack; 10] = [
    &pages::SCRIPT_INJECTION,
    &pages::CROSS_SITE,
    &cookies::COOKIE_TOSSING,
    &cookies::SESSION_FIXATION,
    &tokens::TAMPERED_TOKEN,
    &tokens::REPLAY_INSIDE,
    &tokens::REPLAY_AFTER,
    &sign_in::GUESSING,
    &sign_in::OPEN_REDIRECT,
    &sign_in::TIMING,
];

/// Every place in the source that stops an attack.
#[cfg(feature = "ssr")]
pub fn sources() -> Vec<Source> {
    ATTACKS.iter().flat_map(|attack| attack.sources()).collect()
}

#[component]
pub(super) fn AttacksPage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Attacks>
            <Prose topic=Topic::Attacks section=""/>
            {attacks()
                .into_iter()
                .map(|attack| view! {
                    <section class="attack">
                        <Prose topic=Topic::Attacks section=attack.name.name()/>
                        <AttackStage attack/>
                    </section>
                })
                .collect_view()}
        </Lesson>
    }
}

/// The words of all of them. In the page for the browser to pick up, so that no code carries them.
fn attacks() -> Vec<AttackText> {
    #[cfg(feature = "ssr")]
    let attacks = SharedValue::new(|| {
        let language = monban_leptos::page::PageContext::get().language;
        ATTACKS.map(|attack| attack.text(language)).to_vec()
    });
    #[cfg(not(feature = "ssr"))]
    let attacks = SharedValue::new(Vec::<AttackText>::new);
    attacks.into_inner()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_attack_is_there_once_and_in_order() {
        assert_eq!(ATTACKS.map(|attack| attack.name), AttackName::ALL);
    }

    #[test]
    fn each_names_what_stops_it_and_where_to_read_on() {
        for attack in ATTACKS {
            assert!(attack.sources().count() > 0, "{:?}", attack.name);
            assert!(!attack.reading.is_empty(), "{:?}", attack.name);
        }
    }
}
