//! Two distributions of times, drawn on one axis and listed in a table.

use leptos::prelude::*;

use super::TimingView;
use crate::i18n::t;

/// The width of the drawing.
const WIDTH: u32 = 320;
/// The number of bars of one distribution.
const BARS: u32 = 40;
/// The width of a bar.
const BAR: u32 = WIDTH / BARS;
/// The height of the highest bar.
const HEIGHT: u32 = 48;
/// The distance between the base lines of the two distributions.
const ROW: u32 = HEIGHT + 28;

/// Times in microseconds, in order.
#[derive(Clone, Debug)]
struct Times(Vec<u32>);

impl Times {
    fn new(mut times: Vec<u32>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time within which that percentage was done.
    fn percentile(&self, percent: usize) -> u32 {
        let index = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(index).copied().unwrap_or_default()
    }

    /// The number of times in each of the equal parts of that range; times beyond it are in the last part.
    fn bars(&self, (from, to): (u32, u32)) -> Vec<u32> {
        let mut bars = vec![0; BARS as usize];
        for time in &self.0 {
            let part = part_of(*time, (from, to)).min(BARS - 1);
            bars[part as usize] += 1;
        }
        bars
    }
}

/// The index of the part of the range that the time falls into.
fn part_of(time: u32, (from, to): (u32, u32)) -> u32 {
    let width = u64::from(to.saturating_sub(from)).max(1);
    let part = u64::from(time.saturating_sub(from)) * u64::from(BARS) / width;
    u32::try_from(part).unwrap_or(u32::MAX)
}

#[component]
pub(super) fn Timing(timing: TimingView) -> impl IntoView {
    let (known, unknown) = (Times::new(timing.known), Times::new(timing.unknown));
    let ratio = f64::from(unknown.percentile(50)) / f64::from(known.percentile(50).max(1));
    let range = (
        known.percentile(0).min(unknown.percentile(0)),
        known.percentile(95).max(unknown.percentile(95)),
    );
    let line = |name: &'static str, of: &dyn Fn(&Times) -> String| {
        view! { <tr><th scope="row">{name}</th><td>{of(&known)}</td><td>{of(&unknown)}</td></tr> }
    };
    view! {
        <figure class="timing">
            <svg aria-hidden="true" viewBox=format!("0 0 {WIDTH} {}", 2 * ROW + 20)>
                {histogram(t!(attacks.known), "known", &known, range, ROW)}
                {histogram(t!(attacks.unknown), "unknown", &unknown, range, 2 * ROW)}
                <text x="0" y=2 * ROW + 16>{millis(range.0)}</text>
                <text class="end" x=WIDTH y=2 * ROW + 16>{format!("≥ {}", millis(range.1))}</text>
            </svg>
            <table>
                <caption>{t!(attacks.times)}</caption>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{t!(attacks.known)}</th>
                        <th scope="col">{t!(attacks.unknown)}</th>
                    </tr>
                </thead>
                <tbody>
                    {line(t!(attacks.count), &|times| times.0.len().to_string())}
                    {line("p50", &|times| millis(times.percentile(50)))}
                    {line("p95", &|times| millis(times.percentile(95)))}
                </tbody>
            </table>
            <figcaption>{t!(attacks.ratio, ratio = format!("{ratio:.2}")).to_string()}</figcaption>
        </figure>
    }
}

/// The bars of one distribution on its base line, with a line at its median.
fn histogram(
    name: &'static str,
    class: &'static str,
    times: &Times,
    range: (u32, u32),
    base: u32,
) -> impl IntoView {
    let bars = times.bars(range);
    let highest = bars.iter().copied().max().unwrap_or(1).max(1);
    let median = part_of(times.percentile(50), range).min(BARS - 1) * BAR + BAR / 2;
    let drawn = (0..).zip(bars).filter(|(_, count)| *count > 0);
    view! {
        <g class=class>
            <text x="0" y=base - HEIGHT - 8>{name}</text>
            {drawn.map(|(index, count)| {
                let height = (count * HEIGHT / highest).max(1);
                view! { <rect x=index * BAR y=base - height width=BAR - 1 height=height></rect> }
            }).collect_view()}
            <line x1=median x2=median y1=base - HEIGHT y2=base></line>
            <line class="foot" x1="0" x2=WIDTH y1=base y2=base></line>
        </g>
    }
}

fn millis(micros: u32) -> String {
    format!("{:.2} ms", f64::from(micros) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_times_in_order() {
        let times = Times::new((1..=100).rev().collect());
        assert_eq!(times.percentile(0), 1);
        assert_eq!(times.percentile(50), 51);
        assert_eq!(times.percentile(95), 96);
        assert_eq!(Times::new(Vec::new()).percentile(50), 0);
        assert_eq!(Times::new(vec![7]).percentile(95), 7);
    }

    #[test]
    fn every_time_is_in_a_bar() {
        let times = Times::new(vec![0, 1, 39, 40, 1000]);
        let bars = times.bars((0, 40));
        assert_eq!(bars.iter().sum::<u32>(), 5);
        assert_eq!((bars[0], bars[1], bars[39]), (1, 1, 3));
        assert_eq!(times.bars((5, 5)).iter().sum::<u32>(), 5);
    }
}
