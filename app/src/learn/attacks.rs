//! `/learn/attacks`: what is tried against a session, and what stops it.

mod attempt;

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};

#[cfg(feature = "ssr")]
pub use self::attempt::Attacking;
pub use self::attempt::{AttackName, AttackView, TimingView};

#[component]
pub(super) fn AttacksPage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Attacks>
            <Prose topic=Topic::Attacks section=""/>
        </Lesson>
    }
}
