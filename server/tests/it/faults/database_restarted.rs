//! PostgreSQL ends without a word, and comes back from its log.

use std::time::Duration;

use tokio::task::block_in_place;

use super::{
    STRICT,
    load::{Kept, Load},
    report,
};
use crate::{
    postgres::{Cluster, MASTER},
    process::Process,
};

const PEOPLE: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_restarts_loses_nothing() {
    restarted(2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_database_that_restarts_ten_times_loses_nothing() {
    restarted(10).await;
}

async fn restarted(times: u32) {
    let cluster = Cluster::start();
    let database = [
        ("MONBAN_DATABASE_URL", cluster.url.as_str()),
        ("MONBAN_MASTER_KEY", MASTER),
    ];
    let process = Process::start(&[STRICT, database].concat());
    let mut load = Load::start(process.address, PEOPLE);
    let mut longest = Duration::ZERO;
    for _ in 0..times {
        load.answers(rand::random_range(100..300)).await;
        load.tally.fault_begins();
        block_in_place(|| cluster.restart_hard());
        longest = longest.max(load.fault_is_over().await);
    }
    let tally = load.tally.clone();
    let kept = Kept::of(load.stop().await).await;
    assert!(tally.counts().refused > 0, "nobody noticed: {tally}");
    assert_eq!(tally.counts().broken, 0, "{tally}");
    report(&format!(
        "PostgreSQL restarted hard {times} times: {tally}; all well {longest:.1?} later at most; {kept}"
    ));
}
