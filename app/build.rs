//! Makes the `i18n` module from `locales/*.json`. A missing word fails the build.

use std::{error::Error, path::PathBuf};

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let options = ParseOptions::default().interpolate_display(true);
    let languages = Config::new("en")?.add_locale("ja")?.parse_options(options);
    let words = TranslationsInfos::parse(languages)?;
    words.emit_diagnostics();
    words.rerun_if_locales_changed();
    words.generate_i18n_module(PathBuf::from(std::env::var("OUT_DIR")?).join("i18n"))?;
    Ok(())
}
