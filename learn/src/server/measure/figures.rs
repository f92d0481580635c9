//! Percentiles, the mean and a histogram of measured times.

use std::time::Duration;

/// How long the checks of one candidate took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The number of checks.
    pub checks: usize,
    /// The 50th percentile: half of them took no longer.
    pub p50: Duration,
    /// The 95th percentile.
    pub p95: Duration,
    /// The 99th percentile.
    pub p99: Duration,
    /// The mean, which a few slow checks distort.
    pub mean: Duration,
    /// The distribution of all times.
    pub histogram: Histogram,
}

impl Figures {
    /// The figures of those times; `None` without any.
    pub(crate) fn of(mut times: Vec<Duration>) -> Option<Self> {
        let checks = times.len();
        let total: Duration = times.iter().sum();
        let mean = total.checked_div(u32::try_from(checks).ok()?)?;
        times.sort_unstable();
        let mut histogram = Histogram::default();
        for time in &times {
            histogram.add(*time);
        }
        // The nearest rank: a time that was really measured.
        let percentile = |percent: usize| times.get((checks * percent).div_ceil(100) - 1).copied();
        Some(Self {
            checks,
            p50: percentile(50)?,
            p95: percentile(95)?,
            p99: percentile(99)?,
            mean,
            histogram,
        })
    }
}

/// Times on a logarithmic scale from 100 ns to 100 ms, ten buckets to each power of ten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram([u32; Self::BUCKETS]);

impl Histogram {
    /// The number of powers of ten between its ends.
    const DECADES: usize = 6;
    /// The number of buckets.
    pub const BUCKETS: usize = Self::DECADES * Self::EDGES.len();
    /// The lower edges of the buckets of the first power of ten, in nanoseconds: 100 · 10^(n/10), rounded.
    const EDGES: [u128; 10] = [100, 126, 158, 200, 251, 316, 398, 501, 631, 794];

    /// The number of times in each bucket, the shortest first. Times outside of the scale are in the first
    /// or the last.
    pub const fn counts(&self) -> &[u32] {
        &self.0
    }

    fn add(&mut self, time: Duration) {
        if let Some(count) = self.0.get_mut(Self::bucket(time)) {
            *count = count.saturating_add(1);
        }
    }

    fn bucket(time: Duration) -> usize {
        let (mut mantissa, mut decade) = (time.as_nanos(), 0);
        while mantissa >= 1000 {
            mantissa /= 10;
            decade += 1;
        }
        let edges_passed = Self::EDGES.partition_point(|edge| *edge <= mantissa);
        (decade * Self::EDGES.len() + edges_passed.saturating_sub(1)).min(Self::BUCKETS - 1)
    }
}

impl Default for Histogram {
    fn default() -> Self {
        Self([0; Self::BUCKETS])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ns(nanos: u64) -> Duration {
        Duration::from_nanos(nanos)
    }

    #[test]
    fn a_bucket_holds_what_its_edges_say() {
        for (time, bucket) in [
            (0, 0),
            (99, 0),
            (100, 0),
            (125, 0),
            (126, 1),
            (793, 8),
            (794, 9),
            (999, 9),
            (1_000, 10),
            (1_259, 10),
            (1_260, 11),
            (10_000, 20),
            (99_999, 29),
            (100_000, 30),
            (1_000_000, 40),
            (10_000_000, 50),
            (79_399_999, 58),
            (79_400_000, 59),
            (100_000_000, 59),
            (u64::MAX, 59),
        ] {
            assert_eq!(Histogram::bucket(ns(time)), bucket, "{time} ns");
        }
    }

    #[test]
    fn buckets_are_in_order_and_none_is_left_out() {
        let mut before = 0;
        for step in 0..600 {
            let nanos = 100.0 * 10_f64.powf(f64::from(step) / 100.0);
            let bucket = Histogram::bucket(Duration::from_secs_f64(nanos / 1e9));
            assert!(
                bucket == before || bucket == before + 1,
                "{nanos} ns: {bucket} after {before}"
            );
            before = bucket;
        }
        assert_eq!(before, Histogram::BUCKETS - 1);
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let figures = Figures::of((1..=200).rev().map(|step| ns(step * 1_000)).collect()).unwrap();
        assert_eq!(figures.checks, 200);
        assert_eq!(
            [figures.p50, figures.p95, figures.p99, figures.mean],
            [ns(100_000), ns(190_000), ns(198_000), ns(100_500)]
        );
        let counted: u32 = figures.histogram.counts().iter().sum();
        assert_eq!(counted, 200);

        let one = Figures::of(vec![ns(7)]).unwrap();
        assert_eq!([one.p50, one.p95, one.p99, one.mean], [ns(7); 4]);
        assert_eq!(Figures::of(Vec::new()), None);
    }
}
