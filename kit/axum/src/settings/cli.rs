//! The settings as flags of a command.

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches};

use super::{Definition, Names, Outline, Section, Settings, load::definitions};

const CONFIG: &str = "config";

/// A flag for every setting and `--config` for the file, to be added to each command that needs
/// them. Their values are checked by [`load`](fn@super::load), with those of the other sources.
pub fn flags<S: Section>(names: Names) -> Vec<Arg> {
    let (file, variable) = (names.file(), names.config_variable());
    let config = Arg::new(CONFIG)
        .long(CONFIG)
        .value_name("FILE")
        .help(format!(
            "Configuration file [default: {file}, variable: {variable}]"
        ))
        .help_heading("Settings");
    let sections = <(Settings, S)>::outline().into_iter();
    let settings = sections.flat_map(
        |Outline {
             heading,
             definitions,
         }| {
            definitions.iter().map(move |definition| {
                Arg::new(definition.key)
                    .long(definition.flag())
                    .value_name("VALUE")
                    .allow_hyphen_values(true)
                    .help(help(definition))
                    .help_heading(heading)
            })
        },
    );
    std::iter::once(config).chain(settings).collect()
}

/// The flags that were given, by key, wherever they stand: before or behind a subcommand.
pub fn from_matches<S: Section>(matches: &ArgMatches) -> BTreeMap<&'static str, String> {
    definitions::<S>()
        .into_iter()
        .filter_map(|definition| Some((definition.key, find(matches, definition.key)?)))
        .collect()
}

/// The file that `--config` names.
pub fn config_flag(matches: &ArgMatches) -> Option<String> {
    find(matches, CONFIG)
}

/// The value of a flag at the innermost command that has it.
fn find(matches: &ArgMatches, id: &str) -> Option<String> {
    let inner = matches.subcommand().and_then(|(_, inner)| find(inner, id));
    inner.or_else(|| matches.try_get_one::<String>(id).ok().flatten().cloned())
}

fn help(definition: &Definition) -> String {
    let meaning = definition.meaning.replace('`', "");
    match definition.default {
        "" => format!("{meaning} [default: none]"),
        default => format!("{meaning} [default: {default}]"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::*;

    fn parse(command: Command, args: &[&str]) -> BTreeMap<&'static str, String> {
        let matches = command
            .no_binary_name(true)
            .try_get_matches_from(args)
            .unwrap();
        from_matches::<()>(&matches)
    }

    #[test]
    fn the_flags_make_a_well_formed_command() {
        Command::new("monban")
            .args(flags::<()>(Names::default()))
            .debug_assert();
    }

    #[test]
    fn flags_that_are_not_given_say_nothing() {
        assert!(
            parse(
                Command::new("monban").args(flags::<()>(Names::default())),
                &[]
            )
            .is_empty()
        );
    }

    #[test]
    fn flags_are_found_before_and_behind_a_subcommand() {
        let global = flags::<()>(Names::default())
            .into_iter()
            .map(|flag| flag.global(true));
        let command = Command::new("monban")
            .args(global)
            .subcommand(Command::new("serve"));
        let expected = BTreeMap::from([
            ("access_ttl", "2s".to_owned()),
            ("log_format", "json".to_owned()),
        ]);
        assert_eq!(
            parse(
                command,
                &["--access-ttl", "2s", "serve", "--log-format=json"]
            ),
            expected
        );

        let serve = Command::new("serve").args(flags::<()>(Names::default()));
        let command = Command::new("monban").subcommand(serve);
        assert_eq!(
            parse(
                command,
                &["serve", "--access-ttl", "2s", "--log-format=json"]
            ),
            expected
        );
    }

    #[test]
    fn a_value_that_starts_with_a_dash_reaches_the_check() {
        let flags = parse(
            Command::new("monban").args(flags::<()>(Names::default())),
            &["--password-min", "-1"],
        );
        assert_eq!(flags["password_min"], "-1");
    }

    #[test]
    fn help_tells_meaning_and_default() {
        let help = Command::new("monban")
            .args(flags::<()>(Names::default()))
            .render_long_help()
            .to_string();
        assert!(help.contains("--argon2-memory <VALUE>"), "{help}");
        assert!(
            help.contains("[default: sqlite://<data_dir>/monban.db]"),
            "{help}"
        );
        assert!(
            help.contains("text for people, json for machines. [default: text]"),
            "{help}"
        );
    }
}
