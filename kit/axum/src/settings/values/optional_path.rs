//! A path that may be left out.

use std::path::{Path, PathBuf};

use super::Value;

/// A path, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionalPath(Option<PathBuf>);

impl OptionalPath {
    /// The path, if there is one.
    pub fn get(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}

impl Value for OptionalPath {
    const NOUN: &'static str = "a path, or nothing";

    fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self(None));
        }
        PathBuf::read(text).map(|path| Self(Some(path)))
    }

    fn show(&self) -> String {
        self.0.as_ref().map(Value::show).unwrap_or_default()
    }
}
