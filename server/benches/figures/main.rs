//! The figures of the README: each a ratio, peers side by side in one run on one machine.
//!
//! `make bench` runs it against `dist/monban`, the binary that people get.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod product;
mod refresh;
mod sign_in;
mod transfer;
mod who_am_i;
mod wire;

use std::error::Error;

type Figure = Result<(), Box<dyn Error>>;

#[tokio::main]
async fn main() -> Figure {
    // `cargo test --benches` asks every bench to show that it runs.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    transfer::measure()?;
    who_am_i::measure().await?;
    refresh::measure().await?;
    sign_in::measure().await
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
