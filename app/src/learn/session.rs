//! `/learn/session`.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};

#[component]
pub(super) fn SessionPage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Session>
            <Prose topic=Topic::Session section=""/>
        </Lesson>
    }
}
