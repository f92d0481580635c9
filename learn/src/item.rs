//! What has an address of its own within a lesson: a flow, an attack.

use leptos::prelude::*;

use crate::{Lesson, Prose, Topic, i18n::t};

/// One of several things that a lesson shows, each on a page of its own.
pub(crate) trait Item: Copy + PartialEq + Send + Sync + 'static {
    /// The lesson that it belongs to.
    const TOPIC: Topic;

    /// All of them, in the order in which to read them.
    fn all() -> &'static [Self];

    /// Its name in the lesson's text.
    fn name(self) -> &'static str;

    /// What it is called.
    fn title(self) -> &'static str;

    /// What it shows, in a sentence.
    fn about(self) -> &'static str;

    /// The way back to all of them, in words.
    fn all_title() -> &'static str;

    /// The last segment of its address.
    fn segment(self) -> String {
        self.name().replace('_', "-")
    }

    /// Where it is.
    fn path(self) -> String {
        [&Self::TOPIC.path(), "/", &self.segment()].concat()
    }

    /// The one at that segment of an address.
    fn at(segment: &str) -> Option<Self> {
        let mut all = Self::all().iter().copied();
        all.find(|item| item.segment() == segment)
    }
}

/// The lesson's first page: what it is about, and a sentence on each.
#[component]
pub(crate) fn Contents<I: Item>(
    /// All of them.
    items: &'static [I],
) -> impl IntoView {
    view! {
        <Lesson topic=I::TOPIC>
            <Prose topic=I::TOPIC section=""/>
            <ol class="contents">
                {items.iter().map(|item| view! {
                    <li id=item.name()>
                        <a href=item.path() rel="external">{item.title()}</a>
                        <p>{item.about()}</p>
                    </li>
                }).collect_view()}
            </ol>
        </Lesson>
    }
}

/// The page of one: its text, what is alive, and the way to those around it.
#[component]
pub(crate) fn ItemPage<I: Item>(
    /// Which.
    item: I,
    /// What is alive.
    children: Children,
) -> impl IntoView {
    let all = I::all();
    let place = all.iter().position(|other| *other == item);
    let place = place.unwrap_or_default();
    let before = place.checked_sub(1).and_then(|place| all.get(place));
    let after = all.get(place + 1);
    view! {
        <Lesson topic=I::TOPIC item=item.title()>
            <Prose topic=I::TOPIC section=item.name() alone=true/>
            {children()}
            <nav class="around" aria-label=t!(around.label)>
                {before.map(|item| view! {
                    <a href=item.path() rel="external prev">{t!(around.previous, title = item.title()).to_string()}</a>
                })}
                <a href=I::TOPIC.path() rel="external">{I::all_title()}</a>
                {after.map(|item| view! {
                    <a href=item.path() rel="external next">{t!(around.next, title = item.title()).to_string()}</a>
                })}
            </nav>
        </Lesson>
    }
}
