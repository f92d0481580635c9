//! What `monban settings` prints, and the table in `docs/settings.md`.

use super::{
    super::{load::definitions, *},
    *,
};

/// The lines of the terminal's table that belong to a setting: values, meaning, allowed.
fn entry(table: &str, key: &str) -> [String; 3] {
    let mut lines = table
        .lines()
        .skip_while(|line| line.split(' ').next() != Some(key));
    std::array::from_fn(|_| lines.next().unwrap_or_default().trim_start().to_owned())
}

fn cells(line: &str) -> Vec<&str> {
    line.split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect()
}

#[test]
fn the_reference_tells_value_source_default_meaning_and_what_is_allowed() {
    let sources = nothing()
        .file("listen = '[::]:80'")
        .variable("MONBAN_ACCESS_TTL", "2s");
    let table = reference(&sources.load());
    let head = table.lines().next().unwrap();
    assert_eq!(cells(head), ["SETTING", "VALUE", "FROM", "DEFAULT"]);
    let [values, meaning, allowed] = entry(&table, "access_ttl");
    assert_eq!(cells(&values), ["access_ttl", "2s", "environment", "5m"]);
    assert_eq!(
        meaning,
        "Lifetime of an access token (exp, RFC 7519 §4.1.4)."
    );
    assert_eq!(allowed, "Allowed: a duration from 1s to 1h.");
    let [values, ..] = entry(&table, "listen");
    assert_eq!(
        cells(&values),
        ["listen", "[::]:80", "monban.toml", "127.0.0.1:3000"]
    );
    let [values, ..] = entry(&table, "trusted_proxies");
    assert_eq!(
        cells(&values),
        ["trusted_proxies", "none", "default", "none"]
    );
}

#[test]
fn every_setting_is_in_both_references() {
    let (terminal, readme) = (
        reference(&nothing().load()),
        markdown::<()>(Names::default()),
    );
    let (settings, sections) = (definitions::<()>().len(), Settings::outline().len());
    assert_eq!(terminal.lines().count(), 1 + 2 * sections + 3 * settings);
    // Of each section its heading, two lines of its table, and two that are empty; of the last, one.
    assert_eq!(readme.lines().count(), 5 * sections - 1 + settings);
    for definition in definitions::<()>() {
        assert!(
            entry(&terminal, definition.key)[0].contains(" default "),
            "{}",
            definition.key
        );
        let row = format!(
            "| `{}` | `{}` |",
            definition.key,
            definition.variable(Names::default())
        );
        assert!(readme.contains(&row), "{}", definition.key);
    }
}

#[test]
fn a_secret_that_was_given_is_redacted() {
    for sources in [
        nothing().file("database_url = 'sqlite:hunter2'"),
        nothing().variable("MONBAN_DATABASE_URL", "sqlite:hunter2"),
        nothing().flag("database_url", "sqlite:hunter2"),
    ] {
        let loaded = sources.load();
        let table = reference(&loaded);
        assert_eq!(cells(&entry(&table, "database_url")[0])[1], "[redacted]");
        assert!(!format!("{table}{loaded:?}").contains("hunter2"));
    }
}

#[test]
fn a_secret_left_at_its_default_is_shown() {
    let table = reference(&nothing().flag("data_dir", "state").load());
    assert_eq!(
        cells(&entry(&table, "database_url")[0]),
        [
            "database_url",
            "sqlite://state/monban.db",
            "default",
            "sqlite://<data_dir>/monban.db"
        ]
    );
}

#[test]
fn a_meaning_is_one_sentence() {
    for definition in definitions::<()>() {
        let meaning = definition.meaning;
        assert!(
            meaning.ends_with('.') && !meaning.contains(". "),
            "{}",
            definition.key
        );
        assert!(
            !meaning.contains("  ") && !meaning.starts_with(' '),
            "{}",
            definition.key
        );
    }
}

#[test]
fn a_row_of_the_readme_has_its_five_cells() {
    assert!(
        markdown::<()>(Names::default())
            .lines()
            .filter(|line| line.starts_with('|'))
            .all(|line| line.replace(r"\|", "").matches('|').count() == 6)
    );
    assert!(markdown::<()>(Names::default()).contains(
        "| `access_ttl` | `MONBAN_ACCESS_TTL` | `5m` | a duration from 1s to 1h | \
         Lifetime of an access token (`exp`, RFC 7519 §4.1.4). |"
    ));
    assert!(
        markdown::<()>(Names::default())
            .contains("| `trusted_proxies` | `MONBAN_TRUSTED_PROXIES` | none |")
    );
}

#[test]
fn both_references_have_a_heading_for_each_section() {
    let (terminal, readme) = (
        reference(&nothing().load()),
        markdown::<()>(Names::default()),
    );
    for section in Settings::outline() {
        let first = section.definitions[0].key;
        let heading = section.heading;
        assert!(terminal.contains(&format!("\n\n{heading}\n{first} ")));
        assert!(readme.contains(&format!("## {heading}\n\n| Setting | Variable |")));
    }
}
