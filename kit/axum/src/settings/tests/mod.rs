//! The promises of the settings as a whole.

mod faults;
mod own;
mod precedence;
mod reference;
mod rules;
mod together;
mod units;

use super::{ConfigFile, Loaded, Settings, SettingsError, Sources, load};

/// Sources that say nothing yet.
fn nothing() -> Sources {
    Sources::default()
}

impl Sources {
    fn file(mut self, text: &str) -> Self {
        self.file = Some(ConfigFile {
            path: "monban.toml".to_owned(),
            text: text.to_owned(),
        });
        self
    }

    fn flag(mut self, key: &'static str, value: &str) -> Self {
        self.flags.insert(key, value.to_owned());
        self
    }

    fn load(self) -> Loaded {
        load(&self).unwrap()
    }

    fn settings(self) -> Settings {
        self.load().settings
    }

    fn error(self) -> SettingsError {
        load(&self).unwrap_err()
    }

    /// The lines that the operator sees.
    fn faults(self) -> String {
        self.error().to_string()
    }
}
