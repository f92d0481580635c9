//! `/learn/attacks/…`: what is tried against a session, and what stops it.
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
use super::{
    Topic,
    item::{Item, ItemPage},
};
use crate::i18n::t;

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
pub(super) fn AttackPage(attack: AttackName) -> impl IntoView {
    view! {
        <ItemPage item=attack>
            <section class="attack">
                {text_of(attack).map(|attack| view! { <AttackStage attack/> })}
            </section>
        </ItemPage>
    }
}

/// The words of an attack. In the page for the browser to pick up, so that no code carries them.
fn text_of(attack: AttackName) -> Option<AttackText> {
    #[cfg(feature = "ssr")]
    let text = SharedValue::new(move || {
        let language = monban_leptos::page::PageContext::get().language;
        let written = ATTACKS.iter().find(|written| written.name == attack);
        written.map(|written| written.text(language))
    });
    #[cfg(not(feature = "ssr"))]
    let text = {
        let _ = attack;
        SharedValue::new(|| None::<AttackText>)
    };
    text.into_inner()
}

impl Item for AttackName {
    const TOPIC: Topic = Topic::Attacks;

    fn all() -> &'static [Self] {
        &Self::ALL
    }

    fn name(self) -> &'static str {
        Self::name(self)
    }

    fn title(self) -> &'static str {
        match self {
            Self::ScriptInjection => t!(attacks.titles.script_injection),
            Self::CrossSite => t!(attacks.titles.cross_site),
            Self::CookieTossing => t!(attacks.titles.cookie_tossing),
            Self::SessionFixation => t!(attacks.titles.session_fixation),
            Self::TamperedToken => t!(attacks.titles.tampered_token),
            Self::ReplayInside => t!(attacks.titles.replay_inside),
            Self::ReplayAfter => t!(attacks.titles.replay_after),
            Self::Guessing => t!(attacks.titles.guessing),
            Self::OpenRedirect => t!(attacks.titles.open_redirect),
            Self::Timing => t!(attacks.titles.timing),
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::ScriptInjection => t!(attacks.about.script_injection),
            Self::CrossSite => t!(attacks.about.cross_site),
            Self::CookieTossing => t!(attacks.about.cookie_tossing),
            Self::SessionFixation => t!(attacks.about.session_fixation),
            Self::TamperedToken => t!(attacks.about.tampered_token),
            Self::ReplayInside => t!(attacks.about.replay_inside),
            Self::ReplayAfter => t!(attacks.about.replay_after),
            Self::Guessing => t!(attacks.about.guessing),
            Self::OpenRedirect => t!(attacks.about.open_redirect),
            Self::Timing => t!(attacks.about.timing),
        }
    }

    fn all_title() -> &'static str {
        t!(attacks.all)
    }
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
