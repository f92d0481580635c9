//! What the sources say about each setting, lowest first, and the faults found on the way.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    BaseUrl, DatabaseUrl, Definition, Fault, Loaded, Names, Origin, Settings, SettingsError,
    Together, Value, definition::ON_THE_LOOPBACK,
};

/// Below this likeness (0 to 1) a name is no longer a slip of the pen.
const ALIKE: f64 = 0.6;

const REDACTED: &str = "[redacted]";

/// The texts given for each setting. Sources are added from the lowest to the highest.
#[derive(Debug)]
pub struct Layers {
    names: Names,
    definitions: Vec<&'static Definition>,
    given: BTreeMap<&'static str, Vec<(Origin, Given)>>,
    origins: BTreeMap<&'static str, Origin>,
    shown: BTreeMap<&'static str, String>,
    refused: BTreeSet<&'static str>,
    faults: Vec<Fault>,
}

/// A text that was given. It may be a secret.
struct Given(String);

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(REDACTED)
    }
}

impl Layers {
    /// Nothing is given yet for these settings of that program, whose keys differ.
    pub(super) fn new(names: Names, definitions: Vec<&'static Definition>) -> Self {
        let mut keys = BTreeSet::new();
        for definition in &definitions {
            let key = definition.key;
            assert!(keys.insert(key), "the setting {key} is declared twice");
        }
        Self {
            names,
            definitions,
            given: BTreeMap::new(),
            origins: BTreeMap::new(),
            shown: BTreeMap::new(),
            refused: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    /// The setting with this key.
    pub(super) fn find(&self, key: &str) -> Option<&'static Definition> {
        let mut definitions = self.definitions.iter().copied();
        definitions.find(|definition| definition.key == key)
    }

    /// The setting with this variable.
    pub(super) fn find_variable(&self, name: &str) -> Option<&'static Definition> {
        let mut definitions = self.definitions.iter().copied();
        definitions.find(|definition| definition.variable(self.names) == name)
    }

    /// Adds one value under the name that its source uses.
    pub(super) fn give(&mut self, origin: &Origin, name: &str, text: &str) {
        if let Some(definition) = self.recognise(origin, name) {
            let layers = self.given.entry(definition.key).or_default();
            layers.push((origin.clone(), Given(text.to_owned())));
        }
    }

    /// The setting that a source means by a name; a name that is none is a fault.
    pub(super) fn recognise(&mut self, origin: &Origin, name: &str) -> Option<&'static Definition> {
        let mut definitions = self.definitions.iter().copied();
        let spell = |definition: &Definition| origin.spell(definition, self.names);
        let found = definitions.find(|definition| spell(definition) == name);
        if found.is_none() {
            let known = self.definitions.iter();
            let fault = Fault::Unknown {
                place: origin.unknown(),
                name: name.to_owned(),
                nearest: self.nearest(name).map(spell),
                known: known.map(|definition| spell(definition)).collect(),
            };
            self.faults.push(fault);
        }
        found
    }

    /// The setting that was probably meant by this name.
    fn nearest(&self, name: &str) -> Option<&'static Definition> {
        let plain = name.to_ascii_lowercase();
        let prefix = self.names.prefix().to_ascii_lowercase();
        let plain = plain.strip_prefix(&prefix).unwrap_or(&plain);
        let likeness = |key| strsim::normalized_damerau_levenshtein(plain, key);
        self.definitions
            .iter()
            .map(|definition| (likeness(definition.key), *definition))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, definition)| definition)
    }

    /// Refuses a value; `shown` is what the operator may see of it.
    pub(super) fn refuse(&mut self, definition: &Definition, origin: &Origin, shown: &str) {
        self.refused.insert(definition.key);
        self.faults.push(Fault::Value {
            name: origin.locate(definition, self.names),
            value: if definition.secret {
                "the value"
            } else {
                shown
            }
            .to_owned(),
            advice: definition.advice(),
        });
    }

    /// Notes a fault that is not about one value.
    pub(super) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Puts the defaults below everything given. One that depends on another setting follows the value
    /// in force.
    pub(super) fn add_defaults(&mut self) {
        let data_dir = self.in_force("data_dir");
        let data_dir = data_dir.trim_end_matches('/').to_owned();
        let base_url = <BaseUrl as Value>::read(self.in_force("base_url"));
        let on_the_loopback = base_url.is_some_and(|url| url.is_loopback()).to_string();
        let in_address = DatabaseUrl::encode_directory(&data_dir);
        for definition in &self.definitions {
            let is_url = definition.default.contains("://");
            let directory = if is_url { &in_address } else { &data_dir };
            let text = match definition.default {
                ON_THE_LOOPBACK => on_the_loopback.clone(),
                default => default.replace("<data_dir>", directory),
            };
            let layers = self.given.entry(definition.key).or_default();
            layers.insert(0, (Origin::Default, Given(text)));
        }
    }

    /// The highest text given for the setting, or its default.
    fn in_force(&self, key: &str) -> &str {
        let given = self.given.get(key).and_then(|given| given.last());
        let default = self.find(key).map(|definition| definition.default);
        given
            .map(|(_, text)| text.0.as_str())
            .or(default)
            .unwrap_or_default()
    }

    /// Reads a setting from all of its layers and keeps the highest good value. The others are
    /// checked too: a bad value is a fault even where it is overridden.
    pub fn read<T: Value>(
        &mut self,
        key: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let definition = self.find(key)?;
        let mut best: Option<T> = None;
        for (origin, Given(text)) in self.given.remove(key).unwrap_or_default() {
            if let Some(value) = read(&text) {
                // A default is no secret: it stands in the reference.
                let hidden = definition.secret && origin != Origin::Default;
                let shown = if hidden {
                    REDACTED.to_owned()
                } else {
                    value.show()
                };
                self.shown.insert(key, shown);
                self.origins.insert(key, origin);
                best = Some(value);
            } else {
                self.refuse(definition, &origin, &format!("{text:?}"));
            }
        }
        best
    }

    /// Notes a rule between settings that is broken. One of a value that was refused is left out: that
    /// fault comes first.
    pub(super) fn check(&mut self, rule: &Together) {
        let Together {
            key,
            rule,
            other,
            kept,
        } = *rule;
        if kept || self.refused.contains(key) || self.refused.contains(other) {
            return;
        }
        let (value, other_value) = (self.describe(key), self.describe(other));
        self.faults.push(Fault::Together {
            key,
            rule,
            other,
            value,
            other_value,
        });
    }

    /// A value and where it came from: "2s (environment)".
    fn describe(&self, key: &str) -> String {
        let shown = self.shown.get(key).filter(|shown| !shown.is_empty());
        let shown = shown.map_or("nothing", String::as_str);
        let origin = self.origins.get(key).unwrap_or(&Origin::Default);
        format!("{shown} ({origin})")
    }

    /// The settings with their origins, or all faults.
    pub(super) fn finish<S>(self, read: Option<(Settings, S)>) -> Result<Loaded<S>, SettingsError> {
        match read {
            Some((settings, own)) if self.faults.is_empty() => Ok(Loaded {
                settings,
                own,
                origins: self.origins,
                shown: self.shown,
            }),
            _ => Err(SettingsError {
                faults: self.faults,
            }),
        }
    }
}
