//! The site's files: inside the binary in a release build, read from disk in a debug build.

use monban_axum::site::Site;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
#[exclude = "*.d.ts"]
struct Built;

/// The files that `cargo leptos` has built.
pub fn site() -> Site {
    Site::embedded::<Built>("monban")
}
