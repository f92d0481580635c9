//! The site's own files.

/// Where the site's files are. Their names carry a hash of what is in them.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The stylesheet.
    pub css: String,
    /// The script that loads the WASM.
    pub js: String,
    /// The WASM.
    pub wasm: String,
    /// The script that loads the WASM of lazy routes, if the build has any.
    pub split: Option<String>,
}
