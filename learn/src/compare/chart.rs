//! The distribution of the checks of one way, as a chart.
//!
//! Lengths are in units of the drawing: it is 640 wide, and a power of ten is 100 wide.

use std::fmt::Write;

use leptos::prelude::*;

use super::{MeasurementView, micros, name};
use crate::i18n::t;

/// The position of 100 ns.
const LEFT: i32 = 20;
/// The width of a power of ten.
const DECADE: i32 = 100;
/// The labels of the axis, one at each power of ten.
const TICKS: [&str; 7] = [
    "100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms",
];
/// The position of the base line of the bars.
const BASE: i32 = 160;
/// The height of the tallest bar.
const MAX_HEIGHT: i32 = 72;

/// The chart of that way. The table beside it has the same figures.
#[component]
pub(super) fn Chart<'a>(way: &'a MeasurementView) -> impl IntoView + use<> {
    let percentiles = [
        ("p50", "middle", way.p50, 22),
        ("p95", "late", way.p95, 48),
        ("p99", "last", way.p99, 74),
    ];
    let share = tallest_share(&way.histogram);
    view! {
        <figure class="way">
            <figcaption>
                <strong>{name(&way.way)}</strong>
                " "
                <span>{t!(compare.tallest, share = share).to_string()}</span>
            </figcaption>
            <svg viewBox="0 0 640 196" focusable="false">
                <path class="grid" d=grid()/>
                <path class="bars" d=bars(&way.histogram)/>
                {percentiles.map(|(label, class, nanos, y)| {
                    let x = position(nanos);
                    let (anchor, beside) = if x > 400 { ("end", x - 8) } else { ("start", x + 8) };
                    view! {
                        <path class=class d=format!("M{x} {}V{BASE}", y - 18)/>
                        <text x=beside y=y text-anchor=anchor>{format!("{label} {} µs", micros(nanos))}</text>
                    }
                }).collect_view()}
                {TICKS.into_iter().zip((LEFT..).step_by(100)).map(|(tick, x)| {
                    let anchor = match tick {
                        "100 ns" => "start",
                        "100 ms" => "end",
                        _ => "middle",
                    };
                    let x = match anchor {
                        "start" => 0,
                        "end" => 640,
                        _ => x,
                    };
                    view! { <text class="tick" x=x y="188" text-anchor=anchor>{tick}</text> }
                }).collect_view()}
            </svg>
        </figure>
    }
}

/// The position of that time on the axis.
fn position(nanos: u32) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between 0 and 10 powers of ten"
    )]
    let along = (f64::from(nanos.max(100)).log10() * f64::from(DECADE)) as i32 - 2 * DECADE;
    LEFT + along.min(6 * DECADE)
}

/// A tick at each power of ten, and the base line.
fn grid() -> String {
    let mut path = format!("M{LEFT} {BASE}h{}", 6 * DECADE);
    for decade in 0..=6 {
        // Writing to a `String` does not fail.
        let _ = write!(path, "M{} {BASE}v6", LEFT + decade * DECADE);
    }
    path
}

/// A bar for each bucket that is not empty, high enough to be visible.
fn bars(histogram: &[u32]) -> String {
    let most = histogram.iter().copied().max().unwrap_or(1).max(1);
    let mut path = String::new();
    for (index, count) in (0..).zip(histogram) {
        if *count > 0 {
            let width = 6 * DECADE / i32::try_from(histogram.len()).unwrap_or(i32::MAX).max(1);
            let height = u64::from(*count) * u64::from(MAX_HEIGHT.unsigned_abs()) / u64::from(most);
            let _ = write!(
                path,
                "M{} {BASE}v-{}h{}V{BASE}z",
                LEFT + index * width,
                height.max(2),
                width - 1,
            );
        }
    }
    path
}

/// The percentage of the checks that the fullest bucket holds.
fn tallest_share(histogram: &[u32]) -> u64 {
    let all: u64 = histogram.iter().copied().map(u64::from).sum();
    let most = histogram.iter().copied().max().unwrap_or_default();
    (u64::from(most) * 100).checked_div(all).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_position_on_the_axis() {
        for (nanos, x) in [
            (0, 20),
            (100, 20),
            (1_000, 120),
            (3_163, 170),
            (100_000, 320),
            (100_000_000, 620),
            (u32::MAX, 620),
        ] {
            assert_eq!(position(nanos), x, "{nanos}");
        }
    }

    #[test]
    fn bars_stand_where_their_times_are() {
        let mut histogram = [0; 60];
        histogram[10] = 4;
        histogram[20] = 1;
        histogram[59] = 1;
        assert_eq!(
            bars(&histogram),
            "M120 160v-72h9V160zM220 160v-18h9V160zM610 160v-18h9V160z"
        );
        assert_eq!(position(1_000), 120);
        assert_eq!(tallest_share(&histogram), 66);
        assert_eq!((bars(&[]), tallest_share(&[])), (String::new(), 0));
    }
}
