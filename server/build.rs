//! Makes a new binary when the site that it takes inside is a new one.

use std::{env, path::Path};

fn main() {
    // Relative to this crate, as in `site.rs`: a build folder may be shared by checkouts in several places.
    let site = Path::new("../target/site");
    // Hashed names change with the content, so a new file means a new binary. A folder that is not
    // there yet is not watched: that would rebuild the binary for ever.
    if site.exists() && env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={}", site.display());
    }
}
