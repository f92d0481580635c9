//! The session protocol over HTTP, by chance: schedules of requests that race, replies that are late
//! or lost, nodes that are killed and thieves, against real processes on a real database.
//!
//! `kit/auth/tests/model` explores the rule to its last state; this finds what stands between the rule
//! and a browser. A schedule is one session, and a list of [steps](schedule::Step) drawn from a
//! seed. Many run at once, against the same nodes. Tabs share one cookie jar, so a tab is a
//! request under way.
//!
//! | promise | how it is watched |
//! |---|---|
//! | nobody honest is signed out | no refusal before a thief has renewed; at the end the last cookies renew, and every node knows the person |
//! | one generation is live | a refresh brings the generation after the one it presented, and never one older than what was answered before it was sent; the [database](database) writes down every change that does not go up by one |
//! | a copy in use is noticed | a token is refused once what came after it has been in use for a window, as far as the node can know; then no token of the session works on any node |
//!
//! The schedules keep to the limits in `docs/limits.md`: a request arrives within the window, and what is
//! under way has arrived before an access token expires. A machine so slow that an answer takes a
//! window breaks the first; a schedule that is refused for it is counted as out of time.
//!
//! A run prints its seed. `MONBAN_PROVE_SEED=<seed>` draws the same schedules again, and with
//! `MONBAN_PROVE_SCHEDULE=<number>` only that one. What schedules that run at once do to one another
//! is up to the machine.

mod database;
mod exchange;
mod fleet;
mod ledger;
mod play;
mod proof;
mod reckoning;
mod schedule;
mod tally;

use self::{fleet::Fleet, proof::prove};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_signed_out_and_every_copy_is_noticed_on_sqlite() {
    prove(Fleet::on_sqlite().await, 250).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_signed_out_and_every_copy_is_noticed_by_two_nodes_on_postgresql() {
    prove(Fleet::on_postgresql().await, 250).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "ten thousand schedules"]
async fn ten_thousand_schedules_on_sqlite() {
    prove(Fleet::on_sqlite().await, 10_000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "ten thousand schedules"]
async fn ten_thousand_schedules_on_two_nodes_and_postgresql() {
    prove(Fleet::on_postgresql().await, 10_000).await;
}
