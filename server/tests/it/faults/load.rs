//! People who use the site all the time, and what they have met so far.

use std::{
    fmt,
    net::SocketAddr,
    panic,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::{Instant, sleep, timeout},
};

use super::person::Person;

/// Between two requests of one person.
const PACE: Duration = Duration::from_millis(5);
/// Who got that many answers in a row gets on again.
const ROUND: u32 = 5;
/// Who does not get on in this time is stranded.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Everybody, each in a browser of their own.
pub struct Load {
    pub tally: Arc<Tally>,
    people: JoinSet<Person>,
    go_on: watch::Sender<bool>,
}

/// What came of their requests.
pub struct Tally {
    fault: AtomicBool,
    excused: &'static [u16],
    counts: watch::Sender<Counts>,
    slowest: AtomicU64,
}

#[derive(Clone, Default)]
pub struct Counts {
    pub answered: u64,
    /// Asked to try again later.
    pub refused: u64,
    /// The connection broke.
    pub broken: u64,
    in_a_row: Vec<u32>,
}

/// What everybody was told, and found to be so.
#[derive(Default)]
pub struct Kept {
    pub sign_ups: usize,
    pub rotations: u64,
    pub sign_outs: usize,
}

impl Load {
    pub fn start(address: SocketAddr, people: usize) -> Self {
        Self::excusing(&[503], address, people)
    }

    /// A load that takes these statuses for a fault of the server, while there is one.
    pub fn excusing(excused: &'static [u16], address: SocketAddr, people: usize) -> Self {
        let tally = Arc::new(Tally::new(excused, people));
        let (go_on, _) = watch::channel(true);
        let people = (0..people)
            .map(|index| {
                live(
                    Person::new(address, index, Arc::clone(&tally)),
                    go_on.subscribe(),
                )
            })
            .collect();
        Self {
            tally,
            people,
            go_on,
        }
    }

    /// Waits until so many more requests are answered.
    pub async fn answers(&mut self, more: u64) {
        let goal = self.tally.counts().answered + more;
        self.until(|counts| counts.answered >= goal).await;
    }

    /// Waits until so many more requests are refused.
    pub async fn refusals(&mut self, more: u64) {
        let goal = self.tally.counts().refused + more;
        self.until(|counts| counts.refused >= goal).await;
    }

    /// Waits until everybody gets on again, and answers how long that took. From then on nothing is
    /// excused.
    pub async fn fault_is_over(&mut self) -> Duration {
        let start = Instant::now();
        let everybody = |counts: &Counts| counts.in_a_row.iter().all(|&row| row >= ROUND);
        self.until(everybody).await;
        self.tally.fault_ends();
        start.elapsed()
    }

    /// Lets everybody finish what they are doing.
    pub async fn stop(mut self) -> Vec<Person> {
        self.go_on.send_replace(false);
        let mut people = Vec::new();
        while let Some(person) = self.people.join_next().await {
            people.push(person.unwrap_or_else(|error| rethrow(error)));
        }
        people
    }

    /// Waits for the counts to be so. Nobody leaves before they are told to, but by a panic.
    async fn until(&mut self, so: impl Fn(&Counts) -> bool) {
        let mut counts = self.tally.counts.subscribe();
        let reached = async {
            timeout(PATIENCE, counts.wait_for(|counts| so(counts)))
                .await
                .is_ok()
        };
        tokio::select! {
            reached = reached => assert!(reached, "somebody is stranded: {}, answers in a row {:?}", self.tally, self.tally.counts().in_a_row),
            Some(Err(error)) = self.people.join_next() => rethrow(error),
        }
    }
}

async fn live(mut person: Person, go_on: watch::Receiver<bool>) -> Person {
    while *go_on.borrow() {
        person.step().await;
        sleep(PACE).await;
    }
    person
}

fn rethrow(error: JoinError) -> ! {
    panic::resume_unwind(error.into_panic())
}

impl Tally {
    pub fn new(excused: &'static [u16], people: usize) -> Self {
        let counts = Counts {
            in_a_row: vec![0; people],
            ..Counts::default()
        };
        Self {
            fault: AtomicBool::default(),
            excused,
            counts: watch::Sender::new(counts),
            slowest: AtomicU64::default(),
        }
    }

    /// From now on a request may fail.
    pub fn fault_begins(&self) {
        self.fault.store(true, Relaxed);
        self.counts.send_modify(|counts| counts.in_a_row.fill(0));
    }

    /// From now on no request may fail that is not under way.
    pub fn fault_ends(&self) {
        self.fault.store(false, Relaxed);
    }

    pub fn is_fault(&self) -> bool {
        self.fault.load(Relaxed)
    }

    /// Whether an answer of that status says that the server is in trouble.
    pub fn is_refusal(&self, status: u16) -> bool {
        self.excused.contains(&status)
    }

    /// A request has come to its end: with that status, or the connection broke.
    pub fn note(&self, person: usize, status: Option<u16>, took: Duration) {
        let took = u64::try_from(took.as_millis()).unwrap();
        self.slowest.fetch_max(took, Relaxed);
        self.counts.send_modify(|counts| {
            let (count, row) = match status {
                None => (&mut counts.broken, 0),
                Some(status) if self.is_refusal(status) => (&mut counts.refused, 0),
                Some(_) => (&mut counts.answered, counts.in_a_row[person] + 1),
            };
            *count += 1;
            counts.in_a_row[person] = row;
        });
    }

    pub fn counts(&self) -> Counts {
        self.counts.borrow().clone()
    }

    /// How long the slowest answer took.
    pub fn slowest(&self) -> Duration {
        Duration::from_millis(self.slowest.load(Relaxed))
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts {
            answered,
            refused,
            broken,
            ..
        } = self.counts();
        let requests = answered + refused + broken;
        write!(
            f,
            "{requests} requests, {refused} of them refused and {broken} cut off"
        )
    }
}

impl Kept {
    /// Asks about everything that these people were told.
    pub async fn of(people: Vec<Person>) -> Self {
        let mut asking: JoinSet<Person> = people
            .into_iter()
            .map(|mut person| async move {
                person.check().await;
                person
            })
            .collect();
        let mut kept = Self::default();
        while let Some(person) = asking.join_next().await {
            let person = person.unwrap_or_else(|error| rethrow(error));
            kept.sign_ups += person.accounts.len();
            kept.rotations += person.rotations;
            kept.sign_outs += person.over.len();
        }
        kept
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sign_ups,
            rotations,
            sign_outs,
        } = self;
        write!(
            f,
            "of {sign_ups} sign-ups, {rotations} rotations and {sign_outs} sign-outs none was lost"
        )
    }
}
