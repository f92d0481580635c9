//! Many schedules at once, and the line that says what came of them.

use std::{env, panic::AssertUnwindSafe, str::FromStr, sync::Arc};

use futures::FutureExt;
use tokio::{sync::Semaphore, task::JoinSet, time::Instant};

use super::{
    fleet::Fleet,
    play::{Pace, play},
    schedule::Schedule,
    tally::Tally,
};

/// How many schedules are busy at once. Those that wait do not count.
const AT_ONCE: usize = 32;

/// A schedule's figures, or the schedule that broke a promise.
type Played = Result<Tally, Schedule>;

/// A run of many schedules.
struct Proof {
    seed: u32,
    fleet: Arc<Fleet>,
    tally: Tally,
}

/// Plays so many schedules, and asserts that every promise held.
pub async fn prove(fleet: Fleet, schedules: u64) {
    let start = Instant::now();
    let mut proof = Proof {
        seed: setting("MONBAN_PROVE_SEED").unwrap_or_else(rand::random),
        fleet: Arc::new(fleet),
        tally: Tally::default(),
    };
    println!("seed {}, {}", proof.seed, proof.fleet.engine);
    let numbers = match setting("MONBAN_PROVE_SCHEDULE") {
        Some(number) => number..number + 1,
        None => 0..schedules,
    };
    proof.play_all(numbers).await;
    proof.conclude(start.elapsed().as_secs()).await;
}

impl Proof {
    async fn play_all(&mut self, numbers: std::ops::Range<u64>) {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut playing = JoinSet::new();
        for number in numbers {
            let pace = Pace::begin(&places).await;
            let schedule = Schedule::draw(self.seed.into(), number, self.fleet.size());
            playing.spawn(attempt(Arc::clone(&self.fleet), pace, schedule));
            while let Some(played) = playing.try_join_next() {
                self.count(played.unwrap());
            }
        }
        while let Some(played) = playing.join_next().await {
            self.count(played.unwrap());
        }
    }

    fn count(&mut self, played: Played) {
        match played {
            Ok(tally) => self.tally += tally,
            Err(schedule) => panic!(
                "the reason is above; {} schedules before this one were good\n{schedule}\n\
                 again: MONBAN_PROVE_SEED={} MONBAN_PROVE_SCHEDULE={}",
                self.tally.schedules, self.seed, schedule.number,
            ),
        }
    }

    /// Compares with what the database says, and prints the line.
    async fn conclude(self, seconds: u64) {
        let Tally {
            schedules,
            steps,
            bursts,
            dropped,
            kills,
            thefts,
            noticed,
            busy,
            out_of_time,
        } = self.tally;
        let ends = self.fleet.database.ends().await;
        let ended = u64::try_from(ends.len()).unwrap();
        let false_sign_outs = ended.abs_diff(noticed + out_of_time);
        let double_live = self.fleet.database.astray().await.len();
        println!(
            "{}, seed {}: {schedules} schedules, {steps} steps, {bursts} parallel bursts, \
             {dropped} dropped replies, {kills} kills, {thefts} thefts: \
             false sign-outs {false_sign_outs}, double live {double_live}, \
             replays detected {noticed} of {thefts} \
             ({busy} asked for patience, {out_of_time} out of time, {seconds} s)",
            self.fleet.engine, self.seed,
        );
        assert_eq!((false_sign_outs, double_live, noticed), (0, 0, thefts));
        assert!(ends.iter().all(|reason| reason == "reused"), "{ends:?}");
        assert!(out_of_time * 100 <= schedules, "too slow a machine to say");
    }
}

async fn attempt(fleet: Arc<Fleet>, pace: Pace, schedule: Schedule) -> Played {
    let playing = AssertUnwindSafe(play(fleet, pace, &schedule));
    playing.catch_unwind().await.map_err(|_| schedule)
}

fn setting<T: FromStr<Err: std::fmt::Debug>>(name: &str) -> Option<T> {
    Some(env::var(name).ok()?.parse().unwrap())
}
