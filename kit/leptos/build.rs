//! Makes the `i18n` module from `locales/*.json`. A word that one language lacks fails the build.
//!
//! By the two crates that do this work for `leptos_i18n_build`, which itself also brings ICU's data
//! and a client to download it with.

use std::{env, error::Error, fs, path::PathBuf};

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let options = ParseOptions::default().interpolate_display(true);
    let languages = Config::new("en")?.add_locale("ja")?.parse_options(options);
    let words = parse_locales(None, languages)?;
    for missing in words.diag.warnings().iter() {
        println!("cargo::error={missing}");
    }
    let module = leptos_i18n_codegen::gen_code(&words, None, false, None, false)?;
    let folder = PathBuf::from(env::var("OUT_DIR")?).join("i18n");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("mod.rs"), module.to_string())?;
    Ok(())
}
