//! `/learn/attacks/…`: attacks on a session, and what stops each.
//!
//! Each attack runs in the sandbox, against the server as it is. What would happen without the defence
//! is drawn and never run: no defence is ever switched off.

mod attempt;
#[cfg(feature = "ssr")]
mod cookies;
#[cfg(feature = "ssr")]
pub mod definition;
mod demo;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod sign_in;
mod timing;
#[cfg(feature = "ssr")]
mod tokens;
mod view;

use leptos::prelude::*;
use leptos_i18n::td_string;
#[cfg(feature = "ssr")]
use monban_leptos::preferences::Language;

#[cfg(feature = "ssr")]
use self::definition::Attack;
use self::{demo::AttackDemo, view::AttackView};
#[cfg(feature = "ssr")]
use super::Source;
use super::{
    Topic,
    item::{Item, ItemPage, content_of},
};
use crate::i18n::{Locale, t};

pub use self::attempt::{AttackName, RunView, TimingView};

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

/// The sources that stop the attacks.
#[cfg(feature = "ssr")]
pub fn sources() -> Vec<Source> {
    ATTACKS.iter().flat_map(|attack| attack.sources()).collect()
}

#[component]
pub(super) fn AttackPage(attack: AttackName) -> impl IntoView {
    view! {
        <ItemPage item=attack>
            <section class="attack">
                {content_of(attack).map(|attack| view! { <AttackDemo attack/> })}
            </section>
        </ItemPage>
    }
}

impl Item for AttackName {
    const TOPIC: Topic = Topic::Attacks;

    type Content = AttackView;

    fn all() -> &'static [Self] {
        &Self::ALL
    }

    fn name(self) -> &'static str {
        Self::name(self)
    }

    fn title_in(self, locale: Locale) -> &'static str {
        match self {
            Self::ScriptInjection => td_string!(locale, attacks.titles.script_injection),
            Self::CrossSite => td_string!(locale, attacks.titles.cross_site),
            Self::CookieTossing => td_string!(locale, attacks.titles.cookie_tossing),
            Self::SessionFixation => td_string!(locale, attacks.titles.session_fixation),
            Self::TamperedToken => td_string!(locale, attacks.titles.tampered_token),
            Self::ReplayInside => td_string!(locale, attacks.titles.replay_inside),
            Self::ReplayAfter => td_string!(locale, attacks.titles.replay_after),
            Self::Guessing => td_string!(locale, attacks.titles.guessing),
            Self::OpenRedirect => td_string!(locale, attacks.titles.open_redirect),
            Self::Timing => td_string!(locale, attacks.titles.timing),
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

    #[cfg(feature = "ssr")]
    fn content(self, language: Language) -> Option<AttackView> {
        let attack = ATTACKS.iter().find(|attack| attack.name == self)?;
        Some(attack.view(language))
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
    fn the_text_says_how_many_get_through_as_their_steps_do() {
        let through = ATTACKS.iter().filter(|attack| attack.gets_through());
        let names: Vec<_> = through.map(|attack| attack.name).collect();
        assert_eq!(names, [AttackName::ReplayInside]);
        // The sentences in which the lesson counts them.
        for (text, count) in [
            (
                include_str!("../content/attacks.en.md"),
                "One of the ten gets through, in part",
            ),
            (
                include_str!("../content/attacks.ja.md"),
                "10 のうち一つは、部分的に成功します",
            ),
        ] {
            assert!(text.contains(count), "{count}");
        }
    }

    #[test]
    fn each_names_what_stops_it_and_where_to_read_on() {
        for attack in ATTACKS {
            assert!(attack.sources().count() > 0, "{:?}", attack.name);
            assert!(!attack.reading.is_empty(), "{:?}", attack.name);
        }
    }
}
