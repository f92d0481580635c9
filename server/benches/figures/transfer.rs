//! What a first visit transfers: script, WASM and style, against the bare Leptos counter template.

use std::{fs, path::Path};

use crate::{Figure, Promise, report};

/// The template's script and WASM, `opt-level = "z"`, LTO and wasm-opt, gzipped: 116 and 6 KB.
const TEMPLATE_GZIP: f64 = 122_000.0;

pub fn measure() -> Figure {
    for (name, suffix) in [("gzip", "gz"), ("brotli", "br")] {
        let size = first_load(suffix)?;
        if suffix == "gz" {
            let name = "first load, gzip, against the bare Leptos counter";
            report(name, size, TEMPLATE_GZIP, "bytes", Promise::AtMost(2.0));
        } else {
            println!("first load, {name}: {size:.0} bytes");
        }
    }
    Ok(())
}

fn first_load(suffix: &str) -> Result<f64, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site/pkg");
    let mut total = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        let wanted = ["js", "wasm", "css"].map(|kind| format!(".{kind}.{suffix}"));
        if wanted.iter().any(|ending| name.ends_with(ending)) {
            total += fs::metadata(&path)?.len();
        }
    }
    match u32::try_from(total)? {
        0 => Err(format!("no .{suffix} files: run `make dist` first").into()),
        total => Ok(f64::from(total)),
    }
}
