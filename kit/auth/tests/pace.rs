//! How long something may take, and how long a test waits for it.
//!
//! A test comes out the same on a machine that is busy with something else, so it waits much longer
//! than what is promised, and fails only when the promised thing does not happen. `make prove` and
//! `make faults` run on a machine that does nothing else, and hold the promised times, too.

use std::{env, time::Duration};

/// What happens at once, or in a few seconds at most, has happened after this long on any machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// How long to wait for what is promised within that time.
pub fn within(promised: Duration) -> Duration {
    if env::var_os("MONBAN_TEST_TIMES").is_some() {
        promised
    } else {
        promised.max(PATIENCE)
    }
}
