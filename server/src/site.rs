//! The site's files: inside the binary in a release build, read from disk in a debug build.

use monban_axum::Site;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
#[exclude = "*.d.ts"]
struct Built;

/// The files that `cargo leptos` has built.
pub fn site() -> Site {
    let site = Site::embedded::<Built>("monban");
    if !cfg!(debug_assertions) && !site.is_built() {
        tracing::warn!(
            "this binary was built without the site: its pages have no style and no script; `make dist` builds one that has"
        );
    }
    site
}
