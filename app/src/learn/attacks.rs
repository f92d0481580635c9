//! `/learn/attacks`.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};

#[component]
pub(super) fn AttacksPage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Attacks>
            <Prose topic=Topic::Attacks section=""/>
        </Lesson>
    }
}
