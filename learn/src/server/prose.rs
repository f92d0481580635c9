//! The text of the learning pages, rendered once from Markdown (`CommonMark` with ids on headings) to HTML.
//!
//! A page's text is split at its second-level headings; the interactive parts stand between the sections.
//! The section of a flow or an attack has an empty heading with an id: its title is filled in from the
//! locale, where it is written once. Two kinds of link are our own: `rfc:7519#section-4.1` leads to the
//! RFC's editor, `src:kit/auth/src/sessions/rotation.rs#verdict` names a [`Source`](crate::Source).

use std::{collections::HashMap, sync::LazyLock};

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

use crate::{
    Topic,
    attacks::AttackName,
    i18n::{Locale, locale_of},
    item::Item,
    sandbox::FlowName,
};
use monban_leptos::preferences::Language;

/// The sections of a page's text by their ids.
type Sections = HashMap<String, Section>;

/// A section as HTML.
struct Section {
    /// The section below others on one page: its heading is of the second level.
    html: String,
    /// The section as a page of its own: its heading is of the first level.
    as_page: String,
}

static TEXTS: LazyLock<HashMap<(Topic, Language), Sections>> = LazyLock::new(|| {
    let both = |topic| [Language::En, Language::Ja].map(|language| (topic, language));
    Topic::ALL
        .into_iter()
        .flat_map(both)
        .map(|(topic, language)| ((topic, language), render(topic, language)))
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

/// The HTML of that section in the language of the request, for a page of its own if it is `alone`; empty
/// if there is no such section.
pub(crate) fn prose(topic: Topic, section: &str, alone: bool) -> &'static str {
    let language = monban_leptos::server::request()
        .map_or_else(|_| Language::default(), |request| request.language);
    let sections = TEXTS.get(&(topic, language));
    sections
        .and_then(|sections| sections.get(section))
        .map(|section| {
            if alone {
                section.as_page.as_str()
            } else {
                section.html.as_str()
            }
        })
        .unwrap_or_default()
}

fn render(topic: Topic, language: Language) -> Sections {
    let mut sections = Sections::new();
    let mut id = String::new();
    let mut events = Vec::new();
    for event in Parser::new_ext(
        markdown(topic, language),
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
            events.push(event);
            let title = item_title(topic, &id, locale_of(language));
            events.extend(title.map(|title| Event::Text(title.into())));
        } else {
            events.push(event);
        }
    }
    close(&mut sections, &id, &mut events);
    sections
}

fn close(sections: &mut Sections, id: &str, events: &mut Vec<Event<'_>>) {
    let mut html = String::new();
    push_html(&mut html, Links::new(events.drain(..)));
    let as_page = html.replace("<h2", "<h1").replace("</h2>", "</h1>");
    sections.insert(id.to_owned(), Section { html, as_page });
}

/// The title of the flow or attack of that name, if the topic has such.
fn item_title(topic: Topic, name: &str, locale: Locale) -> Option<&'static str> {
    fn title_of<I: Item>(name: &str, locale: Locale) -> Option<&'static str> {
        let item = I::all().iter().find(|item| item.name() == name);
        item.map(|item| item.title_in(locale))
    }
    match topic {
        Topic::Flows => title_of::<FlowName>(name, locale),
        Topic::Attacks => title_of::<AttackName>(name, locale),
        _ => None,
    }
}

/// Resolves the links of our own kinds.
struct Links<I> {
    events: I,
    /// The file of the source link that is open.
    source_path: Option<String>,
}

impl<I> Links<I> {
    const fn new(events: I) -> Self {
        Self {
            events,
            source_path: None,
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
                    self.source_path =
                        Some(source.split('#').next().unwrap_or_default().to_owned());
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
            Event::End(TagEnd::Link) => match self.source_path.take() {
                Some(path) => Event::Html(format!(" <code>{path}</code></span>").into()),
                None => Event::End(TagEnd::Link),
            },
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flow_and_attack_has_a_section_with_its_title() {
        fn check<I: Item>() {
            for language in [Language::En, Language::Ja] {
                let sections = render(I::TOPIC, language);
                for item in I::all() {
                    let (name, title) = (item.name(), item.title_in(locale_of(language)));
                    let section = &sections[name];
                    let heading = format!("<h2 id=\"{name}\">{title}</h2>\n<p>");
                    assert!(section.html.starts_with(&heading), "{}", section.html);
                    let heading = format!("<h1 id=\"{name}\">{title}</h1>\n<p>");
                    assert!(section.as_page.starts_with(&heading), "{}", section.as_page);
                }
            }
        }
        check::<FlowName>();
        check::<AttackName>();
    }
}
