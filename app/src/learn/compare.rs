//! `/learn/compare`.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};

#[component]
pub(super) fn ComparePage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Compare>
            <Prose topic=Topic::Compare section=""/>
        </Lesson>
    }
}
