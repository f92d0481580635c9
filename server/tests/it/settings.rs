//! `monban settings`, and the page that says the same.

use std::{fs, path::Path};

use crate::process;

fn settings(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = process::run(arguments, environment);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_page_of_settings_holds_the_reference_of_this_version() {
    const START: &str = "<!-- settings -->\n";
    const END: &str = "<!-- /settings -->";
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/settings.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once(START).unwrap();
    let (tables, _) = rest.split_once(END).unwrap();
    assert_eq!(
        tables.trim(),
        settings(&["settings", "--markdown"], &[]).trim(),
        "the settings in docs/settings.md have drifted: put the output of `monban settings --markdown` \
         between {START} and {END}"
    );
}

#[test]
fn settings_of_the_site_stand_with_those_of_the_kit() {
    let table = settings(&["settings"], &[("MONBAN_LEARN", "false")]);
    let row = table.lines().find(|line| line.starts_with("learn "));
    let cells: Vec<_> = row.unwrap().split_whitespace().take(3).collect();
    assert_eq!(cells, ["learn", "false", "environment"]);
    let help = settings(&["serve", "--help"], &[]);
    for told in ["Server:", "Learning pages:", "--learn <VALUE>"] {
        assert!(help.contains(told), "{told}: {help}");
    }
}

#[test]
fn a_flag_counts_before_a_command_and_behind_it() {
    for arguments in [
        ["--access-ttl", "7m", "settings"],
        ["settings", "--access-ttl", "7m"],
    ] {
        let table = settings(&arguments, &[]);
        let row = table.lines().find(|line| line.starts_with("access_ttl "));
        assert!(row.unwrap().contains(" 7m "), "{table}");
    }
}
