//! The reference, for a terminal and for `docs/settings.md`.

use super::{Definition, Loaded, Names, Origin, Outline, Section, Settings};
use crate::columns::in_columns;

/// The settings as a table for the terminal, under a heading for each section: name, value, source,
/// default, and what each means.
pub fn reference<S: Section>(loaded: &Loaded<S>) -> String {
    let head = ["SETTING", "VALUE", "FROM", "DEFAULT"].map(str::to_owned);
    let sections = outline::<S>();
    let definitions = sections.iter().flat_map(|section| section.definitions);
    let rows = definitions.map(|definition| row(definition, loaded));
    let mut rows = in_columns(std::iter::once(head).chain(rows)).into_iter();
    let mut lines: Vec<_> = rows.next().into_iter().collect();
    for section in sections {
        lines.extend([String::new(), section.heading.to_owned()]);
        for (definition, row) in section.definitions.iter().zip(&mut rows) {
            lines.push(row);
            lines.push(format!("    {}", definition.meaning.replace('`', "")));
            lines.push(format!("    Allowed: {}.", definition.allowed()));
        }
    }
    lines.join("\n") + "\n"
}

/// The settings of that program as they stand in `docs/settings.md`: a heading and a table for each
/// section.
pub fn markdown<S: Section>(names: Names) -> String {
    let sections = outline::<S>();
    let tables: Vec<_> = sections
        .iter()
        .map(|section| table(section, names))
        .collect();
    tables.join("\n")
}

fn outline<S: Section>() -> Vec<Outline> {
    <(Settings, S)>::outline()
}

fn table(section: &Outline, names: Names) -> String {
    let head = format!(
        "## {}\n\n| Setting | Variable | Default | Allowed | Meaning |\n|---|---|---|---|---|\n",
        section.heading
    );
    let rows = section.definitions.iter().map(|definition| {
        let default = match definition.default {
            "" => "none".to_owned(),
            default => format!("`{default}`"),
        };
        let (key, variable) = (definition.key, definition.variable(names));
        let allowed = plain(&definition.allowed());
        let meaning = definition.meaning.replace('|', r"\|");
        format!("| `{key}` | `{variable}` | {default} | {allowed} | {meaning} |\n")
    });
    std::iter::once(head).chain(rows).collect()
}

/// Text in which Markdown finds nothing to mark up.
fn plain(text: &str) -> String {
    text.replace('*', r"\*")
        .replace('[', r"\[")
        .replace('|', r"\|")
}

fn row<S>(definition: &Definition, loaded: &Loaded<S>) -> [String; 4] {
    let key = definition.key;
    let origin = loaded.origins.get(key).unwrap_or(&Origin::Default);
    let value = loaded.shown.get(key).cloned().unwrap_or_default();
    [
        key.to_owned(),
        or_none(value),
        origin.to_string(),
        or_none(definition.default.to_owned()),
    ]
}

fn or_none(text: String) -> String {
    if text.is_empty() {
        "none".to_owned()
    } else {
        text
    }
}
