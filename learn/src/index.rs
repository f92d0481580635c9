//! `/learn`: the list of the lessons.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};

#[component]
pub(super) fn IndexPage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Index>
            <Prose topic=Topic::Index section=""/>
            <Prose topic=Topic::Index section="begin"/>
            <ol class="contents">
                {Topic::ALL.into_iter().skip(1).map(|topic| view! {
                    <li><a href=topic.path() rel="external">{topic.title()}</a></li>
                }).collect_view()}
            </ol>
        </Lesson>
    }
}
