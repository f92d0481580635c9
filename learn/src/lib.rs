//! `/learn`: the pages that explain the running system.
//!
//! What there is to read is written in `learn/content`, one file for each page and language, and
//! is rendered on the server only: no browser loads it twice. What is alive stands between its
//! sections and is loaded with its page. So links to these pages load a document
//! (`rel="external"`), and each page is whole without any script.

pub mod attacks;
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

pub use self::{compare::MeasurementView, session::What, source::Source};

/// Where the pages are.
pub const ROOT: &str = "/learn";
/// Where their server functions are.
pub const API: &str = "/api/learn/";

/// Where the page is that comes from elsewhere: see [`attacks`].
pub const OTHER_SITE: &str = "/learn/other-site";

/// What says on a page that the server has the learning pages.
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
    /// Whether one needs JWTs.
    Compare,
    /// What is tried against a session, and what stops it.
    Attacks,
}

impl Topic {
    /// All of them, in the order in which to read them.
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

    /// Where it is.
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

// All learning pages are one piece of code: each piece more would have to be named to everybody who
// comes to the first page.
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
        (Some(Topic::Flows), Some(flow)) => one(flow, |flow| view! { <FlowPage flow/> }.into_any()),
        (Some(Topic::Attacks), Some(attack)) => {
            one(attack, |attack| view! { <AttackPage attack/> }.into_any())
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

/// The page of the item at that segment, if there is one.
fn one<I: Item>(segment: &str, page: impl FnOnce(I) -> AnyView) -> AnyView {
    match I::at(segment) {
        Some(item) => page(item),
        None => view! { <NotFoundPage/> }.into_any(),
    }
}

/// What is around every learning page: its title, and the way to the others.
#[component]
fn Lesson(
    /// Which lesson.
    topic: Topic,
    /// What is shown of it, where that is one thing alone.
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

/// Says to those without script that this part needs one. As text and not as children: to a browser
/// with script they are one text, which hydration does not expect.
#[component]
fn NeedsScript() -> impl IntoView {
    let hint = format!("<p class=\"hint\">{}</p>", t!(script));
    view! { <noscript inner_html=hint></noscript> }
}

/// Whether the script is there: buttons do nothing before it is, and nothing without one.
fn alive() -> RwSignal<bool> {
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    alive
}

/// What a script on this page finds of its cookies, found by a script on this page; `None` until then.
fn cookies_in_reach() -> RwSignal<Option<String>> {
    let found = RwSignal::new(None);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let cookies = js_sys::Reflect::get(&document(), &"cookie".into());
        found.set(cookies.ok().and_then(|cookies| cookies.as_string()));
    });
    found
}

/// The time of day in UTC, to the millisecond. `at` is in milliseconds since 1970.
pub fn time_of_day(at: i64) -> String {
    let day = at.rem_euclid(86_400_000);
    let (hours, minutes) = (day / 3_600_000, day / 60_000 % 60);
    let (seconds, millis) = (day / 1000 % 60, day % 1000);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{millis:03}")
}
