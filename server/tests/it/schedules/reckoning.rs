//! How a theft ends: both sides go on, the copy is noticed, and nobody's tokens work any more.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{
    exchange::{Exchange, Outcome},
    ledger::{Over, REPLAYED},
    play::Play,
    schedule::{Kind, Reckoning, Request, Way, Who},
};
use crate::{
    browser::{ACCESS, Jar, REFRESH},
    pace::within,
};

/// What a node saw in use is in the row after five seconds. No machine is so busy that it takes longer
/// than this.
const WRITTEN: Duration = Duration::from_secs(120);
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// A node that dies may forget what it saw, so once may not be enough. So often must be.
const ROUNDS: usize = 12;
/// So that a time has passed for certain.
const SLACK: Duration = Duration::from_millis(100);
/// How many pairs are tried after the end, the newest first.
const TRIED: usize = 4;
/// A revocation is promised to reach the node itself, and every other.
const SOON: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

impl Play {
    /// One side renews and uses what it got, the other presents what that superseded.
    pub(super) async fn reckon(&mut self, reckoning: Reckoning) -> Result<(), Over> {
        let Reckoning {
            first,
            way,
            node,
            replay,
        } = reckoning;
        let ask = |who, kind, node| Request { who, kind, node };
        let lead = if way == Way::TwoBehind { 2 } else { 1 };
        for _ in 0..ROUNDS {
            while self.generation(first) < self.generation(first.other()) + lead {
                self.go_stale(first).await?;
                self.ask_until_answered(ask(first, Kind::Refresh, node))
                    .await?;
            }
            let seen = self
                .ask_until_answered(ask(first, Kind::WhoAmI, node))
                .await?;
            // Not seen by an access token that is gone: then the other side catches up first.
            let elsewhere = if seen == Outcome::Known {
                self.wait_for_evidence(way, node).await
            } else {
                Some(node)
            };
            let Some(elsewhere) = elsewhere else {
                continue;
            };
            self.go_stale(first.other()).await?;
            self.ask_until_answered(ask(first.other(), replay, elsewhere))
                .await?;
        }
        panic!("both sides went on, and nobody noticed");
    }

    /// Where the replay goes. `None` if the evidence died with the node that had it.
    async fn wait_for_evidence(&mut self, way: Way, node: usize) -> Option<usize> {
        Some(match way {
            Way::TwoBehind => node,
            Way::Seen => {
                self.pace.rest(REPLAYED + SLACK).await;
                node
            }
            Way::Written { crash } => {
                if !self.is_written().await {
                    return None;
                }
                self.pace.rest(REPLAYED + SLACK).await;
                if crash {
                    self.tally.kills += u64::from(self.fleet.kill(node));
                }
                (node + 1) % self.fleet.size()
            }
        })
    }

    /// Waits until the row says that the current generation was seen in use. False if the node that
    /// saw it died before it wrote that.
    async fn is_written(&mut self) -> bool {
        let start = Instant::now();
        loop {
            // Asked before the row is read: what is written before a death is found after it.
            let saw = self.ledger.last_use();
            let lives = saw.is_some_and(|place| self.fleet.lives(place));
            if let Some(generation) = self.fleet.database.find_seen(self.session()).await {
                self.ledger.note_written(generation);
                return true;
            }
            if !lives {
                return false;
            }
            assert!(start.elapsed() < WRITTEN, "evidence was never written");
            self.pace.rest(LOOK_AGAIN).await;
        }
    }

    /// No token of the session works on any node.
    pub(super) async fn assert_all_is_over(&mut self) {
        let noticed_at = Instant::now();
        let soon = within(SOON[usize::from(self.fleet.size() > 1)]);
        let pairs = std::mem::take(&mut self.pairs);
        for node in 0..self.fleet.size() {
            for pair in pairs.iter().rev().take(TRIED) {
                self.assert_ended_with_its_reason(node, pair).await;
                while self.is_known(node, pair).await {
                    assert!(
                        noticed_at.elapsed() < soon,
                        "an access token outlived the session"
                    );
                    sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    async fn assert_ended_with_its_reason(&self, node: usize, pair: &Jar) {
        let mut stale = pair.clone();
        stale.remove(ACCESS);
        loop {
            let place = self.fleet.wait_for(node).await;
            let mut exchange = Exchange::begin(place, Who::Thief, Kind::Refresh, &stale).await;
            exchange.let_go(0).await;
            if let (_, Some(answer)) = exchange.answer().await
                && answer.status < 500
            {
                let told = r#"{"code":"session_ended","reason":"reused"}"#;
                assert_eq!((answer.status, answer.body.as_str()), (401, told));
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether the pair's access token is still good at that node.
    async fn is_known(&self, node: usize, pair: &Jar) -> bool {
        let mut fresh = pair.clone();
        fresh.remove(REFRESH);
        loop {
            let place = self.fleet.wait_for(node).await;
            let mut exchange = Exchange::begin(place, Who::Thief, Kind::WhoAmI, &fresh).await;
            exchange.let_go(0).await;
            let (sent, answer) = exchange.answer().await;
            match Outcome::of(sent.kind, answer.as_ref()) {
                Outcome::Known => return true,
                Outcome::Refused => return false,
                _ => sleep(Duration::from_millis(20)).await,
            }
        }
    }
}
