//! From sources to settings, without touching the world.

use std::collections::BTreeMap;

use super::{
    ConfigFile, DEFINITIONS, Definition, Fault, Origin, Settings, SettingsError, Sources,
    kubernetes, layers::Layers,
};

/// Names that belong to Monban without being settings: where the configuration file is, and which
/// binary the tests run.
const OTHER_VARIABLES: [&str; 2] = ["MONBAN_CONFIG", "MONBAN_BIN"];

/// Settings that have been checked, and where each came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The values.
    pub settings: Settings,
    /// The source of each value, by key.
    pub origins: BTreeMap<&'static str, Origin>,
}

/// Puts the sources over one another and checks everything they say.
pub fn load(sources: &Sources) -> Result<Loaded, SettingsError> {
    let mut layers = Layers::default();
    if let Some(file) = &sources.file {
        add_file(&mut layers, file);
    }
    for (name, value) in &sources.environment {
        if speaks_of_settings(name, value) {
            layers.give(&Origin::Environment, name, value);
        }
    }
    for (key, value) in &sources.flags {
        let flag =
            Definition::find(key).map_or((*key).to_owned(), |found| Origin::Flag.spell(found));
        layers.give(&Origin::Flag, &flag, value);
    }
    layers.add_defaults();

    let settings = Settings::read(&mut layers);
    if let Some(settings) = &settings {
        check_together(&mut layers, settings);
    }
    layers.finish(settings)
}

/// Whether a variable names a setting, or somebody meant it to.
fn speaks_of_settings(name: &str, value: &str) -> bool {
    let is_setting = || DEFINITIONS.iter().any(|setting| setting.variable() == name);
    name.starts_with("MONBAN_")
        && !OTHER_VARIABLES.contains(&name)
        && (is_setting() || !kubernetes::is_service_link(name, value))
}

fn add_file(layers: &mut Layers, file: &ConfigFile) {
    let table = match file.text.parse::<toml::Table>() {
        Ok(table) => table,
        Err(error) => return layers.fault(syntax_fault(file, &error)),
    };
    let origin = Origin::File(file.path.clone());
    for (key, value) in table {
        let Some(definition) = layers.recognise(&origin, &key) else {
            continue;
        };
        match text_of(&value, definition) {
            Some(text) => layers.give(&origin, &key, &text),
            None => layers.refuse(definition, &origin, &format!("this {}", value.type_str())),
        }
    }
}

/// A file's value as the text that a variable or a flag would hold.
fn text_of(value: &toml::Value, definition: &Definition) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(answer) if definition.boolean => Some(answer.to_string()),
        toml::Value::Array(items) if definition.list => {
            let items: Option<Vec<_>> = items.iter().map(toml::Value::as_str).collect();
            items.map(|items| items.join(","))
        }
        _ => None,
    }
}

fn syntax_fault(file: &ConfigFile, error: &toml::de::Error) -> Fault {
    let start = error.span().map_or(0, |span| span.start);
    let before = file.text.bytes().take(start);
    Fault::Syntax {
        path: file.path.clone(),
        line: 1 + before.filter(|byte| *byte == b'\n').count(),
        reason: error.message().to_owned(),
    }
}

/// The rules between settings. One of them is left out when either of its values was refused:
/// that fault comes first.
fn check_together(layers: &mut Layers, settings: &Settings) {
    const NOT_SHORTER: &str = "not be shorter than";
    // RFC 9106 §3.1: m is at least 8p.
    let memory_needed = 8 * settings.argon2_parallelism;
    let (cert, key) = (&settings.tls_cert.get(), &settings.tls_key.get());
    let https = settings.base_url.is_https();
    let rules = [
        (
            "refresh_idle_ttl",
            NOT_SHORTER,
            "access_ttl",
            settings.refresh_idle_ttl >= settings.access_ttl,
        ),
        (
            "session_idle_ttl",
            NOT_SHORTER,
            "access_ttl",
            settings.session_idle_ttl >= settings.access_ttl,
        ),
        (
            "refresh_absolute_ttl",
            NOT_SHORTER,
            "refresh_idle_ttl",
            settings.refresh_absolute_ttl >= settings.refresh_idle_ttl,
        ),
        (
            "argon2_memory",
            "be at least 8 times",
            "argon2_parallelism",
            settings.argon2_memory >= memory_needed,
        ),
        (
            "tls_cert",
            "be set together with",
            "tls_key",
            cert.is_some() == key.is_some(),
        ),
        (
            "tls_self_signed",
            "be false where there is a",
            "tls_cert",
            !settings.tls_self_signed || cert.is_none(),
        ),
        (
            "base_url",
            "be https:// where there is a",
            "tls_cert",
            https || cert.is_none(),
        ),
        (
            "base_url",
            "be https:// together with",
            "tls_self_signed",
            https || !settings.tls_self_signed,
        ),
    ];
    for (key, rule, other, kept) in rules {
        if kept || !layers.is_sound(key) || !layers.is_sound(other) {
            continue;
        }
        layers.fault(Fault::Together {
            key,
            rule,
            other,
            value: shown(layers, settings, key),
            other_value: shown(layers, settings, other),
        });
    }
}

fn shown(layers: &Layers, settings: &Settings, key: &str) -> String {
    let value = Definition::find(key).map(|definition| (definition.show)(settings));
    let value = value.filter(|value| !value.is_empty());
    let value = value.as_deref().unwrap_or("nothing");
    format!("{value} ({})", layers.origin(key))
}
