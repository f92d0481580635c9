//! `/learn/attacks`: what is tried against a session, and what stops it.
//!
//! Each attack runs in the sandbox, against the server as it is. What would happen without the line
//! of defence is drawn and never run: nothing is ever switched off to show it.

pub mod attack;
mod attempt;
mod cookies;
mod pages;
mod sign_in;
mod stage;
mod timing;
mod tokens;

use leptos::prelude::*;

use self::{attack::Attack, stage::AttackStage};
use super::{Lesson, Prose, Source, Topic};

#[cfg(feature = "ssr")]
pub use self::attempt::Attacking;
pub use self::attempt::{AttackName, AttackView, TimingView};

/// Every attack, in the order in which to read them.
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
pub fn sources() -> Vec<Source> {
    ATTACKS.iter().flat_map(|attack| attack.sources()).collect()
}

#[component]
pub(super) fn AttacksPage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Attacks>
            <Prose topic=Topic::Attacks section=""/>
            {ATTACKS
                .map(|attack| view! {
                    <section class="attack">
                        <Prose topic=Topic::Attacks section=attack.name.name()/>
                        <AttackStage attack/>
                    </section>
                })
                .into_iter()
                .collect_view()}
        </Lesson>
    }
}

#[cfg(test)]
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
