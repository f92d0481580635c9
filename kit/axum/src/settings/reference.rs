//! The reference, for a terminal and for `docs/settings.md`.

use super::{DEFINITIONS, Definition, Loaded, Origin};

const REDACTED: &str = "[redacted]";

/// The settings as a table for the terminal: name, value, source, default, and what each means.
pub fn reference(loaded: &Loaded) -> String {
    let head = ["SETTING", "VALUE", "FROM", "DEFAULT"].map(str::to_owned);
    let rows: Vec<_> = DEFINITIONS
        .iter()
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
    for (definition, row) in DEFINITIONS.iter().zip(&rows) {
        lines.push(aligned(row, widths));
        lines.push(format!("    {}", definition.meaning.replace('`', "")));
        lines.push(format!("    Allowed: {}.", definition.allowed()));
    }
    lines.join("\n") + "\n"
}

/// The settings as the table that stands in `docs/settings.md`.
pub fn markdown() -> String {
    let head = "| Setting | Variable | Default | Allowed | Meaning |\n|---|---|---|---|---|\n";
    let rows = DEFINITIONS.iter().map(|definition| {
        let default = match definition.default {
            "" => "none".to_owned(),
            default => format!("`{default}`"),
        };
        let (key, variable) = (definition.key, definition.variable());
        let allowed = plain(&definition.allowed());
        let meaning = definition.meaning.replace('|', r"\|");
        format!("| `{key}` | `{variable}` | {default} | {allowed} | {meaning} |\n")
    });
    std::iter::once(head.to_owned()).chain(rows).collect()
}

/// Text in which Markdown finds nothing to mark up.
fn plain(text: &str) -> String {
    text.replace('*', r"\*")
        .replace('[', r"\[")
        .replace('|', r"\|")
}

fn row(definition: &Definition, loaded: &Loaded) -> [String; 4] {
    let origin = loaded
        .origins
        .get(definition.key)
        .unwrap_or(&Origin::Default);
    // A default is no secret: it stands in the reference.
    let value = if definition.secret && *origin != Origin::Default {
        REDACTED.to_owned()
    } else {
        (definition.show)(&loaded.settings)
    };
    [
        definition.key.to_owned(),
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
