//! The reference, for a terminal and for `docs/settings.md`.

use super::{Definition, Loaded, Origin, Outline, Section, Settings};

/// The settings as a table for the terminal, under a heading for each section: name, value, source,
/// default, and what each means.
pub fn reference<S: Section>(loaded: &Loaded<S>) -> String {
    let head = ["SETTING", "VALUE", "FROM", "DEFAULT"].map(str::to_owned);
    let rows: Vec<_> = outline::<S>()
        .iter()
        .flat_map(|section| section.definitions)
        .map(|definition| row(definition, loaded))
        .collect();
    let widths: [usize; 4] = std::array::from_fn(|column| {
        let cells = rows
            .iter()
            .chain([&head])
            .map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    });
    let mut lines = vec![aligned(&head, widths)];
    let mut rows = rows.iter();
    for section in outline::<S>() {
        lines.extend([String::new(), section.heading.to_owned()]);
        for (definition, row) in section.definitions.iter().zip(&mut rows) {
            lines.push(aligned(row, widths));
            lines.push(format!("    {}", definition.meaning.replace('`', "")));
            lines.push(format!("    Allowed: {}.", definition.allowed()));
        }
    }
    lines.join("\n") + "\n"
}

/// The settings as they stand in `docs/settings.md`: a heading and a table for each section.
pub fn markdown<S: Section>() -> String {
    let tables: Vec<_> = outline::<S>().iter().map(table).collect();
    tables.join("\n")
}

fn outline<S: Section>() -> Vec<Outline> {
    <(Settings, S)>::outline()
}

fn table(section: &Outline) -> String {
    let head = format!(
        "## {}\n\n| Setting | Variable | Default | Allowed | Meaning |\n|---|---|---|---|---|\n",
        section.heading
    );
    let rows = section.definitions.iter().map(|definition| {
        let default = match definition.default {
            "" => "none".to_owned(),
            default => format!("`{default}`"),
        };
        let (key, variable) = (definition.key, definition.variable());
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

fn aligned(row: &[String; 4], widths: [usize; 4]) -> String {
    let cells: Vec<_> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:width$}"))
        .collect();
    cells.join("  ").trim_end().to_owned()
}
