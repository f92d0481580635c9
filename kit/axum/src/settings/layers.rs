//! What the sources say about each setting, lowest first, and the faults found on the way.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    BaseUrl, DEFINITIONS, DatabaseUrl, Definition, Fault, Loaded, Origin, Settings, SettingsError,
    definition::ON_THE_LOOPBACK, value::Value,
};

/// Below this likeness (0 to 1) a name is no longer a slip of the pen.
const ALIKE: f64 = 0.6;

/// The texts given for each setting. Sources are added from the lowest to the highest.
#[derive(Default)]
pub(super) struct Layers {
    given: BTreeMap<&'static str, Vec<(Origin, String)>>,
    origins: BTreeMap<&'static str, Origin>,
    refused: BTreeSet<&'static str>,
    faults: Vec<Fault>,
}

impl Layers {
    /// Adds one value under the name that its source uses.
    pub(super) fn give(&mut self, origin: &Origin, name: &str, text: &str) {
        if let Some(definition) = self.recognise(origin, name) {
            let layers = self.given.entry(definition.key).or_default();
            layers.push((origin.clone(), text.to_owned()));
        }
    }

    /// The setting that a source means by a name; a name that is none is a fault.
    pub(super) fn recognise(&mut self, origin: &Origin, name: &str) -> Option<&'static Definition> {
        let found = DEFINITIONS
            .iter()
            .find(|definition| origin.spell(definition) == name);
        if found.is_none() {
            self.faults.push(Fault::Unknown {
                place: origin.unknown(),
                name: name.to_owned(),
                nearest: nearest(name).map(|definition| origin.spell(definition)),
                known: DEFINITIONS
                    .iter()
                    .map(|definition| origin.spell(definition))
                    .collect(),
            });
        }
        found
    }

    /// Refuses a value; `shown` is what the operator may see of it.
    pub(super) fn refuse(&mut self, definition: &Definition, origin: &Origin, shown: &str) {
        self.refused.insert(definition.key);
        self.faults.push(Fault::Value {
            name: origin.locate(definition),
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
        for definition in DEFINITIONS {
            let is_url = definition.default.contains("://");
            let directory = if is_url { &in_address } else { &data_dir };
            let text = match definition.default {
                ON_THE_LOOPBACK => on_the_loopback.clone(),
                default => default.replace("<data_dir>", directory),
            };
            self.given
                .entry(definition.key)
                .or_default()
                .insert(0, (Origin::Default, text));
        }
    }

    /// The highest text given for the setting, or its default.
    fn in_force(&self, key: &str) -> &str {
        let given = self.given.get(key).and_then(|given| given.last());
        let default = Definition::find(key).map(|definition| definition.default);
        given
            .map(|(_, text)| text.as_str())
            .or(default)
            .unwrap_or_default()
    }

    /// Reads a setting from all of its layers and keeps the highest good value. The others are
    /// checked too: a bad value is a fault even where it is overridden.
    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let definition = Definition::find(key)?;
        let mut best = None;
        for (origin, text) in self.given.remove(key).unwrap_or_default() {
            if let Some(value) = read(&text) {
                best = Some(value);
                self.origins.insert(key, origin);
            } else {
                self.refuse(definition, &origin, &format!("{text:?}"));
            }
        }
        best
    }

    /// Whether no source gave a bad value for the setting.
    pub(super) fn is_sound(&self, key: &str) -> bool {
        !self.refused.contains(key)
    }

    /// Where the value that [`Self::read`] answered came from.
    pub(super) fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).cloned().unwrap_or(Origin::Default)
    }

    /// The settings with their origins, or all faults.
    pub(super) fn finish(self, settings: Option<Settings>) -> Result<Loaded, SettingsError> {
        match settings {
            Some(settings) if self.faults.is_empty() => Ok(Loaded {
                settings,
                origins: self.origins,
            }),
            _ => Err(SettingsError {
                faults: self.faults,
            }),
        }
    }
}

/// The setting that somebody who wrote this name probably meant.
fn nearest(name: &str) -> Option<&'static Definition> {
    let plain = name.to_ascii_lowercase();
    let plain = plain.strip_prefix("monban_").unwrap_or(&plain);
    DEFINITIONS
        .iter()
        .map(|definition| {
            (
                strsim::normalized_damerau_levenshtein(plain, definition.key),
                definition,
            )
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, definition)| definition)
}
