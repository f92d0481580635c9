//! From sources to settings, without touching the world.

use std::collections::BTreeMap;

use super::{
    ConfigFile, Definition, Fault, Layers, Names, Origin, Section, Settings, SettingsError,
    Sources, kubernetes,
};

/// Settings that have been checked, and where each came from.
#[derive(Debug, Clone)]
pub struct Loaded<S = ()> {
    /// The kit's settings.
    pub settings: Settings,
    /// The app's own.
    pub own: S,
    /// The source of each value, by key.
    pub origins: BTreeMap<&'static str, Origin>,
    /// Each value as it may be printed, by key.
    pub(super) shown: BTreeMap<&'static str, String>,
}

/// Puts the sources over one another and checks everything they say.
pub fn load(sources: &Sources) -> Result<Loaded, SettingsError> {
    load_with::<()>(sources)
}

/// The same where an app has settings of its own.
pub fn load_with<S: Section>(sources: &Sources) -> Result<Loaded<S>, SettingsError> {
    let names = sources.names;
    let mut layers = Layers::new(names, definitions::<S>());
    if let Some(file) = &sources.file {
        add_file(&mut layers, file);
    }
    for (name, value) in &sources.environment {
        if is_meant_for_us(&layers, names, name, value) {
            layers.give(&Origin::Environment, name, value);
        }
    }
    for (key, value) in &sources.flags {
        let flag = layers
            .find(key)
            .map_or((*key).to_owned(), |found| Origin::Flag.spell(found, names));
        layers.give(&Origin::Flag, &flag, value);
    }
    layers.add_defaults();

    let read = <(Settings, S)>::read(&mut layers);
    if let Some((settings, _)) = &read {
        for rule in read.iter().flat_map(|read| read.rules(settings)) {
            layers.check(&rule);
        }
    }
    layers.finish(read)
}

/// Every setting of the kit and of that app, in the order of the reference.
pub(super) fn definitions<S: Section>() -> Vec<&'static Definition> {
    let sections = <(Settings, S)>::outline().into_iter();
    sections.flat_map(|section| section.definitions).collect()
}

/// Whether a variable names a setting, or was probably meant to.
fn is_meant_for_us(layers: &Layers, names: Names, name: &str, value: &str) -> bool {
    let Some(rest) = name.strip_prefix(&names.prefix()) else {
        return false;
    };
    // They belong to the program without being settings.
    let others = [names.config_variable(), names.binary_variable()];
    let is_setting = layers.find_variable(name).is_some();
    is_setting
        || !others.iter().any(|other| other == name) && !kubernetes::is_service_link(rest, value)
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
