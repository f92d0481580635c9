//! `/learn`: the pages that explain the running system.
//!
//! Their texts are in `learn/content`, one file for each page and language, and are rendered on the server
//! only, so that no browser loads them twice. The interactive parts stand between the sections of the text
//! and are loaded with the page. So links to these pages load a document (`rel="external"`), and each page
//! can be read without a script.

pub mod attacks;
#[cfg(feature = "ssr")]
mod bilingual;
mod compare;
mod diagram;
pub mod flows;
mod i18n;
mod index;
mod item;
mod prose;
pub mod sandbox;
#[cfg(feature = "ssr")]
pub mod server;
pub(crate) mod session;
mod source;
pub(crate) mod token;

use leptos::prelude::*;
use leptos_meta::{Stylesheet, Title};
use leptos_router::hooks::use_params_map;

use self::{
    attacks::{AttackName, AttackPage},
    compare::ComparePage,
    flows::FlowPage,
    index::IndexPage,
    item::{Contents, Item},
    prose::Prose,
    sandbox::FlowName,
    session::SessionPage,
    token::TokenPage,
};
use monban_leptos::{lazy::lazy_page, page::PageContext, pages::NotFoundPage};

use crate::i18n::t;

pub use self::{compare::MeasurementView, session::EventKind, source::Source};

/// The path of the pages.
pub const ROOT: &str = "/learn";
/// The path of their server functions.
pub const API: &str = "/api/learn/";

/// The path of the page that belongs to another site: see [`attacks`].
pub const OTHER_SITE: &str = "/learn/other-site";

/// The flag of a page that says that the server has the learning pages.
pub const FLAG: &str = "learn";

/// Whether the server has the learning pages.
pub fn are_there() -> bool {
    PageContext::get().has_flag(FLAG)
}

/// The learning pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The list of the others.
    Index,
    /// What a JWT is, and is not.
    Token,
    /// The visitor's own session.
    Session,
    /// The flows, step by step.
    Flows,
    /// Whether a site needs JWTs.
    Compare,
    /// The attacks on a session, and what stops each.
    Attacks,
}

impl Topic {
    /// All topics, in the order in which to read them.
    pub const ALL: [Self; 6] = [
        Self::Index,
        Self::Token,
        Self::Session,
        Self::Flows,
        Self::Compare,
        Self::Attacks,
    ];

    /// The last segment of its address, and the name of its text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Token => "token",
            Self::Session => "session",
            Self::Flows => "flows",
            Self::Compare => "compare",
            Self::Attacks => "attacks",
        }
    }

    /// The path of its page.
    pub fn path(self) -> String {
        match self {
            Self::Index => ROOT.to_owned(),
            topic => format!("{ROOT}/{}", topic.name()),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Index => t!(index.title),
            Self::Token => t!(token.title),
            Self::Session => t!(session.title),
            Self::Flows => t!(flows.title),
            Self::Compare => t!(compare.title),
            Self::Attacks => t!(attacks.title),
        }
    }

    /// The topic at `/learn/<segment>`.
    fn at(segment: Option<&str>) -> Option<Self> {
        match segment {
            None => Some(Self::Index),
            Some(name) => Self::ALL
                .into_iter()
                .find(|topic| *topic != Self::Index && topic.name() == name),
        }
    }
}

// All learning pages are one lazy chunk: each further chunk would have to be named on the first page.
lazy_page!(
    LearnPage,
    learn_pages,
    preload_learn_pages,
    view! { <Lessons/> }
);

#[component]
fn Lessons() -> impl IntoView {
    let [topic, item] = use_params_map()
        .with_untracked(|params| ["page", "item"].map(|segment| params.get(segment)));
    let topic = Topic::at(topic.as_deref()).filter(|_| are_there());
    match (topic, item.as_deref()) {
        (Some(Topic::Flows), Some(flow)) => {
            item_page(flow, |flow| view! { <FlowPage flow/> }.into_any())
        }
        (Some(Topic::Attacks), Some(attack)) => {
            item_page(attack, |attack| view! { <AttackPage attack/> }.into_any())
        }
        (Some(Topic::Index), None) => view! { <IndexPage/> }.into_any(),
        (Some(Topic::Token), None) => view! { <TokenPage/> }.into_any(),
        (Some(Topic::Session), None) => view! { <SessionPage/> }.into_any(),
        (Some(Topic::Flows), None) => view! { <Contents items=FlowName::all()/> }.into_any(),
        (Some(Topic::Compare), None) => view! { <ComparePage/> }.into_any(),
        (Some(Topic::Attacks), None) => view! { <Contents items=AttackName::all()/> }.into_any(),
        _ => view! { <NotFoundPage/> }.into_any(),
    }
}

/// The page of the item at that segment, or the page that says that there is none.
fn item_page<I: Item>(segment: &str, page: impl FnOnce(I) -> AnyView) -> AnyView {
    match I::at(segment) {
        Some(item) => page(item),
        None => view! { <NotFoundPage/> }.into_any(),
    }
}

/// The frame of every learning page: its title, and links to the others.
#[component]
fn Lesson(
    /// The topic of the page.
    topic: Topic,
    /// The title of the item that the page shows, if it shows one.
    #[prop(optional)]
    item: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let title = match item {
        Some(item) => [item, " · ", topic.title()].concat(),
        None => topic.title().to_owned(),
    };
    let here = if item.is_some() { "true" } else { "page" };
    view! {
        <Title text=title/>
        <Stylesheet href="/learn.css"/>
        <div class="page lesson">
            <nav class="lessons" aria-label=t!(nav)>
                {Topic::ALL.map(|other| view! {
                    <a href=other.path() rel="external" aria-current=(other == topic).then_some(here)>{other.title()}</a>
                }).collect_view()}
            </nav>
            {children()}
        </div>
    }
}

/// Says, without a script, that this part needs one. The hint is set as HTML and not as children, because a
/// browser with scripts parses the content of `noscript` as one text, which hydration does not expect.
#[component]
fn NeedsScript() -> impl IntoView {
    let hint = format!("<p class=\"hint\">{}</p>", t!(script));
    view! { <noscript inner_html=hint></noscript> }
}

/// Whether the page is hydrated: before that, and without a script, buttons do nothing.
fn hydrated() -> RwSignal<bool> {
    let hydrated = RwSignal::new(false);
    Effect::new(move |_| hydrated.set(true));
    hydrated
}

/// The cookies that a script on this page can read, read by a script on this page; `None` until then.
fn readable_cookies() -> RwSignal<Option<String>> {
    let readable = RwSignal::new(None);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let cookies = js_sys::Reflect::get(&document(), &"cookie".into());
        readable.set(cookies.ok().and_then(|cookies| cookies.as_string()));
    });
    readable
}

/// The time of day in UTC, to the millisecond. `at` is in milliseconds since 1970.
pub fn time_of_day(at: i64) -> String {
    let day = at.rem_euclid(86_400_000);
    let (hours, minutes) = (day / 3_600_000, day / 60_000 % 60);
    let (seconds, millis) = (day / 1000 % 60, day % 1000);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{millis:03}")
}
