//! The figures of `docs/performance.md`: each a ratio, peers side by side in one run on one machine.
//!
//! `make bench` runs it against `dist/monban`, the binary that people get. A figure can be named:
//! `cargo bench -p monban --bench figures -- refresh`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod at_rest;
mod growth;
mod load;
mod peers;
mod pgbench;
mod postgres;
mod process;
mod product;
mod refresh;
mod sign_in;
mod transfer;
mod who_am_i;
mod wire;

use std::error::Error;

type Figure = Result<(), Box<dyn Error>>;

/// What is measured when none is named. The others take peers from elsewhere, or long.
const USUAL: [&str; 6] = [
    "transfer", "at_rest", "who_am_i", "refresh", "pgbench", "sign_in",
];

#[tokio::main]
async fn main() -> Figure {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` asks every bench to show that it runs.
    if arguments.iter().any(|argument| argument == "--test") {
        return Ok(());
    }
    let named = arguments.iter().map(String::as_str);
    let mut named: Vec<&str> = named.filter(|name| !name.starts_with('-')).collect();
    if named.is_empty() {
        named = USUAL.to_vec();
    }
    for name in named {
        measure(name).await?;
    }
    Ok(())
}

async fn measure(name: &str) -> Figure {
    match name {
        "at_rest" => at_rest::measure().await,
        "growth" => growth::measure().await,
        "peers" => peers::measure().await,
        "pgbench" => pgbench::measure().await,
        "refresh" => refresh::measure().await,
        "sign_in" => sign_in::measure().await,
        "transfer" => transfer::measure(),
        "who_am_i" => who_am_i::measure().await,
        unknown => Err(format!("no figure is called {unknown}").into()),
    }
}

/// Prints a ratio, and whether it keeps its promise.
fn report(name: &str, ours: f64, theirs: f64, unit: &str, promise: Promise) {
    let ratio = ours / theirs;
    let (kept, bound) = match promise {
        Promise::AtLeast(bound) => (ratio >= bound, format!("at least {bound}")),
        Promise::AtMost(bound) => (ratio <= bound, format!("at most {bound}")),
    };
    let verdict = if kept { "kept" } else { "MISSED" };
    println!("{name}: {ours:.0} against {theirs:.0} {unit}, ratio {ratio:.2} ({bound}: {verdict})");
}

/// Prints a ratio that promises nothing.
fn compare(name: &str, ours: f64, theirs: f64, unit: &str) {
    let ratio = ours / theirs;
    println!("{name}: {ours:.0} against {theirs:.0} {unit}, ratio {ratio:.2}");
}

/// What a ratio should be.
#[derive(Clone, Copy)]
enum Promise {
    AtLeast(f64),
    AtMost(f64),
}

/// The middle one of an odd number of measurements.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
