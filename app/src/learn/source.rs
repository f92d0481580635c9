//! Where in the source something stands.

use serde::{Deserialize, Serialize};

/// An item in a file of this repository. A test finds each that is named anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file, from the root of the repository.
    pub path: String,
    /// The function, type or constant.
    pub item: String,
}

impl Source {
    /// That item in that file.
    pub fn new(path: &str, item: &str) -> Self {
        Self {
            path: path.to_owned(),
            item: item.to_owned(),
        }
    }
}
