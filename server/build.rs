//! Tells the binary which folder holds the site that it takes inside.

use std::{env, path::Path};

fn main() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site");
    // Hashed names change with the content, so a new file means a new binary. A folder that is not
    // there yet is not watched: that would rebuild the binary for ever.
    if site.exists() && env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={}", site.display());
    }
    println!("cargo::rustc-env=MONBAN_SITE={}", site.display());
}
