//! The items of a lesson that have a page of their own: flows and attacks.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use monban_leptos::{page::PageContext, preferences::Language};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Lesson, Prose, Topic,
    i18n::{Locale, locale, t},
};

/// An item of a lesson, with a page of its own.
pub(crate) trait Item: Copy + PartialEq + Send + Sync + 'static {
    /// The lesson that it belongs to.
    const TOPIC: Topic;

    /// The data of its page, beside the written text.
    type Content: Serialize + DeserializeOwned;

    /// All items, in the order in which to read them.
    fn all() -> &'static [Self];

    /// Its name in the lesson's text.
    fn name(self) -> &'static str;

    /// Its title in that language.
    fn title_in(self, locale: Locale) -> &'static str;

    /// What it shows, in a sentence.
    fn about(self) -> &'static str;

    /// The label of the link to the list of all items.
    fn all_title() -> &'static str;

    /// The data of its page in that language.
    #[cfg(feature = "ssr")]
    fn content(self, language: Language) -> Option<Self::Content>;

    /// Its title in the language of the page.
    fn title(self) -> &'static str {
        self.title_in(locale())
    }

    /// The last segment of its address.
    fn segment(self) -> String {
        self.name().replace('_', "-")
    }

    /// The path of its page.
    fn path(self) -> String {
        [&Self::TOPIC.path(), "/", &self.segment()].concat()
    }

    /// The item at that segment of an address.
    fn at(segment: &str) -> Option<Self> {
        let mut all = Self::all().iter().copied();
        all.find(|item| item.segment() == segment)
    }
}

/// The data of the item's page. Made on the server and put into the page for the browser to read, so that
/// the browser's code carries no texts.
pub(crate) fn content_of<I: Item>(item: I) -> Option<I::Content> {
    #[cfg(feature = "ssr")]
    let content = SharedValue::new(move || item.content(PageContext::get().language));
    #[cfg(not(feature = "ssr"))]
    let content = {
        let _ = item;
        SharedValue::new(|| None)
    };
    content.into_inner()
}

/// The first page of the lesson: what it is about, and a sentence on each item.
#[component]
pub(crate) fn Contents<I: Item>(
    /// All items.
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

/// The page of an item: its text, its interactive part, and links to the items before and after it.
#[component]
pub(crate) fn ItemPage<I: Item>(
    /// The item of the page.
    item: I,
    /// The interactive part.
    children: Children,
) -> impl IntoView {
    let all = I::all();
    let index = all.iter().position(|other| *other == item);
    let index = index.unwrap_or_default();
    let before = index.checked_sub(1).and_then(|index| all.get(index));
    let after = all.get(index + 1);
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
