//! The text of the learning pages, from Markdown (`CommonMark` with ids on headings) to HTML, once.
//!
//! A page's text is cut at its second-level headings; what is alive goes in between. Two kinds of
//! link are ours: `rfc:7519#section-4.1` leads to the RFC's editor, `src:kit/auth/src/rotation.rs#verdict`
//! names a [`Source`](crate::Source).

use std::{collections::HashMap, sync::LazyLock};

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

use crate::Topic;
use monban_leptos::preferences::Language;

/// A page's sections by their ids.
type Sections = HashMap<String, String>;

static TEXTS: LazyLock<HashMap<(Topic, Language), Sections>> = LazyLock::new(|| {
    let both = |topic| [Language::En, Language::Ja].map(|language| (topic, language));
    Topic::ALL
        .into_iter()
        .flat_map(both)
        .map(|(topic, language)| ((topic, language), render(markdown(topic, language))))
        .collect()
});

macro_rules! texts {
    ($topic:expr, $language:expr; $($name:ident => $file:literal),+ $(,)?) => {
        match ($topic, $language) {
            $(
                (Topic::$name, Language::En) => include_str!(concat!("../../content/", $file, ".en.md")),
                (Topic::$name, Language::Ja) => include_str!(concat!("../../content/", $file, ".ja.md")),
            )+
        }
    };
}

const fn markdown(topic: Topic, language: Language) -> &'static str {
    texts!(topic, language; Index => "index", Token => "token", Session => "session", Flows => "flows", Compare => "compare", Attacks => "attacks")
}

/// That section in the language of the request; nothing if there is no such section.
pub(crate) fn prose(topic: Topic, section: &str) -> &'static str {
    let language = monban_leptos::server::request()
        .map_or_else(|_| Language::default(), |request| request.language);
    let sections = TEXTS.get(&(topic, language));
    sections
        .and_then(|sections| sections.get(section))
        .map(String::as_str)
        .unwrap_or_default()
}

fn render(markdown: &str) -> Sections {
    let mut sections = Sections::new();
    let mut id = String::new();
    let mut events = Vec::new();
    for event in Parser::new_ext(
        markdown,
        Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_TABLES,
    ) {
        if let Event::Start(Tag::Heading {
            level: HeadingLevel::H2,
            id: next,
            ..
        }) = &event
        {
            close(&mut sections, &id, &mut events);
            next.as_deref().unwrap_or_default().clone_into(&mut id);
        }
        events.push(event);
    }
    close(&mut sections, &id, &mut events);
    sections
}

fn close(sections: &mut Sections, id: &str, events: &mut Vec<Event<'_>>) {
    let mut html = String::new();
    push_html(&mut html, Links::new(events.drain(..)));
    sections.insert(id.to_owned(), html);
}

/// Resolves our own links.
struct Links<I> {
    events: I,
    /// The file of the source that is being named.
    naming: Option<String>,
}

impl<I> Links<I> {
    const fn new(events: I) -> Self {
        Self {
            events,
            naming: None,
        }
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Links<I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        Some(match self.events.next()? {
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                if let Some(source) = dest_url.strip_prefix("src:") {
                    self.naming = Some(source.split('#').next().unwrap_or_default().to_owned());
                    Event::Html(CowStr::Borrowed("<span class=\"source\">"))
                } else {
                    let dest_url = match dest_url.strip_prefix("rfc:") {
                        Some(section) => {
                            format!("https://www.rfc-editor.org/rfc/rfc{section}").into()
                        }
                        None => dest_url,
                    };
                    Event::Start(Tag::Link {
                        link_type,
                        dest_url,
                        title,
                        id,
                    })
                }
            }
            Event::End(TagEnd::Link) => match self.naming.take() {
                Some(path) => Event::Html(format!(" <code>{path}</code></span>").into()),
                None => Event::End(TagEnd::Link),
            },
            other => other,
        })
    }
}
