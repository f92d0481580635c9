//! `/learn/flows`.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};

#[component]
pub(super) fn FlowsPage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Flows>
            <Prose topic=Topic::Flows section=""/>
        </Lesson>
    }
}
