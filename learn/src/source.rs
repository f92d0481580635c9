//! A link from the pages to the source.

use serde::{Deserialize, Serialize};

/// An item in a file of this repository. A test checks that each one that is named exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file, from the root of the repository.
    pub path: String,
    /// The function, type or constant.
    pub item: String,
}

impl Source {
    /// The source with that path and item.
    pub fn new(path: &str, item: &str) -> Self {
        Self {
            path: path.to_owned(),
            item: item.to_owned(),
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use std::{fs, io, path::Path};

    use super::*;
    use crate::{attacks, flows};

    const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    const KINDS: [&str; 8] = [
        "fn", "struct", "enum", "const", "static", "trait", "mod", "type",
    ];

    #[test]
    fn every_named_source_exists() {
        let mut all = flows::sources();
        all.extend(attacks::sources());
        let named = all.len();
        all.extend(linked().unwrap());
        assert!(named > 0 && all.len() > named, "nothing is named");
        let missing: Vec<_> = all.iter().filter(|source| !exists(source)).collect();
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn a_source_that_does_not_exist_is_not_found() {
        for (path, item) in [
            ("kit/auth/src/sessions/rotation.rs", "verdic"),
            ("kit/auth/src/sessions/rotation.rs", "presented"),
            ("auth/src/nowhere.rs", "verdict"),
        ] {
            assert!(!exists(&Source::new(path, item)), "{path} {item}");
        }
    }

    /// Whether that file declares that item.
    fn exists(source: &Source) -> bool {
        let Ok(text) = fs::read_to_string(Path::new(ROOT).join(&source.path)) else {
            return false;
        };
        text.lines().any(|line| {
            let words: Vec<&str> = line
                .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .collect();
            words
                .windows(2)
                .any(|pair| KINDS.contains(&pair[0]) && pair[1] == source.item)
        })
    }

    /// The sources that the texts link to.
    fn linked() -> io::Result<Vec<Source>> {
        let mut found = Vec::new();
        for file in fs::read_dir(Path::new(ROOT).join("learn/content"))? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                found.extend(links(&fs::read_to_string(path)?));
            }
        }
        Ok(found)
    }

    fn links(text: &str) -> Vec<Source> {
        text.split("](src:")
            .skip(1)
            .map(|rest| {
                let link = rest.split(')').next().unwrap_or_default();
                let (path, item) = link.split_once('#').unwrap_or((link, ""));
                Source::new(path, item)
            })
            .collect()
    }
}
