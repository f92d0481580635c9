//! What a first visit transfers: script, WASM and style, against the bare Leptos counter template.

use std::{fs, path::Path};

use crate::{Figure, Promise, report};

/// The template's script and WASM, `opt-level = "z"`, LTO and wasm-opt, gzipped: 116 and 6 KB.
const TEMPLATE_GZIP: f64 = 122_000.0;

pub fn measure() -> Figure {
    let name = "first load, brotli, against the bare Leptos counter's gzip";
    let size = first_load("br")?;
    report(name, size, TEMPLATE_GZIP, "bytes", Promise::AtMost(2.0));
    println!("first load, gzip: {:.0} bytes", first_load("gz")?);
    Ok(())
}

/// The compressed bytes of what the first page links to. The code of lazy pages comes later.
fn first_load(suffix: &str) -> Result<f64, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site/pkg");
    let mut total = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let kinds = ["js", "wasm", "css"].map(|kind| format!(".{kind}.{suffix}"));
        let first = ["monban.", "__wasm_split."];
        if first.iter().any(|start| name.starts_with(start))
            && kinds.iter().any(|ending| name.ends_with(ending))
        {
            total += fs::metadata(&path)?.len();
        }
    }
    match u32::try_from(total)? {
        0 => Err(format!("no .{suffix} files: run `make dist` first").into()),
        total => Ok(f64::from(total)),
    }
}
