//! Playing one schedule: whose cookies go where, and what becomes of the answers.

use std::{mem, sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::sleep,
};
use uuid::Uuid;

use super::{
    exchange::{Exchange, Outcome, generation},
    fleet::{self, Fleet},
    ledger::{Ledger, Over, REPLAYED},
    schedule::{Kind, Request, Schedule, Step, Who},
    tally::Tally,
};
use crate::{
    app::PASSWORD,
    browser::{ACCESS, Answer, Jar, REFRESH},
    forge::claims_of,
    wire::{self, Held},
};

/// An honest request that is older is not delivered any more, so that it arrives within the window
/// even where the server takes its time.
const STILL_DELIVERED: Duration = Duration::from_secs(1);

/// Whoever is not answered asks again after this long.
const AGAIN: Duration = Duration::from_millis(20);

/// A schedule at play.
pub struct Play {
    pub(super) fleet: Arc<Fleet>,
    pub(super) pace: Pace,
    pub(super) ledger: Ledger,
    pub(super) tally: Tally,
    /// A pair of each generation that was handed out.
    pub(super) pairs: Vec<Jar>,
    owner: Jar,
    thief: Option<Jar>,
    under_way: Vec<UnderWay>,
}

/// A place among the schedules that run at once. Whoever waits leaves it to others.
pub struct Pace {
    places: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

struct UnderWay {
    exchange: Exchange,
    fate: Fate,
    /// The step at which it arrives.
    due: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    RequestLate,
    AnswerLate,
    AnswerLost,
}

/// Plays a schedule to its end. A broken promise is a panic.
pub async fn play(fleet: Arc<Fleet>, pace: Pace, schedule: &Schedule) -> Tally {
    let mut play = Play::begin(fleet, pace, schedule).await;
    match play.run(schedule).await {
        Ok(()) => {}
        Err(Over::Noticed) => {
            play.tally.noticed += 1;
            play.assert_all_is_over().await;
        }
        Err(Over::OutOfTime) => {
            play.tally.out_of_time += 1;
            play.tally.thefts = 0;
        }
    }
    play.assert_every_generation_was_the_next().await;
    play.tally
}

impl Play {
    /// Signs in.
    async fn begin(fleet: Arc<Fleet>, pace: Pace, schedule: &Schedule) -> Self {
        let owner = sign_in(&fleet, schedule.number).await;
        Self {
            ledger: Ledger::new(),
            fleet,
            pace,
            tally: Tally {
                schedules: 1,
                thefts: schedule.reckoning.is_some().into(),
                ..Tally::default()
            },
            pairs: vec![owner.clone()],
            owner,
            thief: None,
            under_way: Vec::new(),
        }
    }

    async fn run(&mut self, schedule: &Schedule) -> Result<(), Over> {
        for (now, step) in schedule.steps.iter().enumerate() {
            self.tally.steps += 1;
            self.arrive(|under_way| under_way.due <= now).await?;
            self.take(step, now).await?;
        }
        self.arrive(|_| true).await?;
        match schedule.reckoning {
            Some(reckoning) => self.reckon(reckoning).await,
            None => self.goes_on().await,
        }
    }

    async fn take(&mut self, step: &Step, now: usize) -> Result<(), Over> {
        match *step {
            Step::GoStale(who) => return self.go_stale(who).await,
            Step::Send(request) => {
                self.ask(request).await?;
            }
            Step::Burst(ref requests, goes_on) => return self.burst(requests, goes_on, None).await,
            Step::Kill(node, ref requests) => return self.burst(requests, None, Some(node)).await,
            Step::Delay(request, steps) => {
                self.send_off(request, Fate::RequestLate, now + steps).await;
            }
            Step::Late(request, steps) => {
                self.send_off(request, Fate::AnswerLate, now + steps).await;
            }
            Step::Lose(request, closed_after) => {
                self.send_off(request, Fate::AnswerLost, usize::MAX).await;
                if let (Some(after), Some(lost)) = (closed_after, self.under_way.last_mut()) {
                    sleep(Duration::from_millis(after)).await;
                    lost.exchange.hang_up().await;
                }
            }
            Step::Wait => {
                self.arrive(|_| true).await?;
                self.pace.rest(REPLAYED).await;
            }
            Step::Copy(refresh_only) => {
                let mut copy = self.owner.clone();
                if refresh_only {
                    copy.remove(ACCESS);
                }
                self.thief = Some(copy);
            }
        }
        Ok(())
    }

    /// The access token has expired. An honest reply never takes that long.
    pub(super) async fn go_stale(&mut self, who: Who) -> Result<(), Over> {
        self.arrive(|_| true).await?;
        if let Some(jar) = self.jar_of(who) {
            jar.remove(ACCESS);
        }
        Ok(())
    }

    /// A request, and its answer.
    pub(super) async fn ask(&mut self, request: Request) -> Result<Outcome, Over> {
        let Some(mut exchange) = self.begin_exchange(request).await else {
            return Ok(Outcome::Lost);
        };
        self.let_go(&mut exchange).await;
        self.hear(exchange.answer().await, true)
    }

    /// Asks until there is an answer, as a page does that is told to try again.
    pub(super) async fn ask_until_answered(&mut self, request: Request) -> Result<Outcome, Over> {
        loop {
            match self.ask(request).await? {
                Outcome::Busy | Outcome::Lost => sleep(AGAIN).await,
                outcome => return Ok(outcome),
            }
        }
    }

    pub(super) fn generation(&mut self, who: Who) -> i64 {
        let jar = self.jar_of(who);
        jar.and_then(|jar| generation(jar, REFRESH)).unwrap()
    }

    /// Nobody stole anything: the last cookies renew, and every node knows the person.
    async fn goes_on(&mut self) -> Result<(), Over> {
        let ask = |kind, node| Request {
            who: Who::Owner,
            kind,
            node,
        };
        self.go_stale(Who::Owner).await?;
        let renewed = self.ask_until_answered(ask(Kind::Refresh, 0)).await?;
        assert!(matches!(renewed, Outcome::Renewed(_)), "{renewed:?}");
        for node in 0..self.fleet.size() {
            let known = self.ask_until_answered(ask(Kind::WhoAmI, node)).await?;
            assert_eq!(known, Outcome::Known);
        }
        Ok(())
    }

    /// Sends all at once, and kills the node while they are under way.
    async fn burst(
        &mut self,
        requests: &[Request],
        goes_on: Option<usize>,
        killed: Option<usize>,
    ) -> Result<(), Over> {
        let mut exchanges = Vec::new();
        for &request in requests {
            exchanges.extend(self.begin_exchange(request).await);
        }
        self.tally.bursts += u64::from(exchanges.len() > 1);
        let mut answers = JoinSet::new();
        for mut exchange in exchanges {
            self.let_go(&mut exchange).await;
            answers.spawn(exchange.answer());
        }
        if let Some(node) = killed {
            self.tally.kills += u64::from(self.fleet.kill(node));
        }
        let mut goes_on = goes_on;
        while let Some(answer) = answers.join_next().await {
            let (sent, answer) = answer.unwrap();
            let who = sent.who;
            let renewed = matches!(self.hear((sent, answer), true)?, Outcome::Renewed(_));
            if let Some(node) = goes_on.take_if(|_| renewed) {
                let kind = Kind::WhoAmI;
                self.ask(Request { who, kind, node }).await?;
            }
        }
        Ok(())
    }

    /// A request whose answer nobody waits for now.
    async fn send_off(&mut self, request: Request, fate: Fate, due: usize) {
        let Some(mut exchange) = self.begin_exchange(request).await else {
            return;
        };
        if fate != Fate::RequestLate {
            self.let_go(&mut exchange).await;
        }
        self.under_way.push(UnderWay {
            exchange,
            fate,
            due,
        });
    }

    /// Some of what is under way arrives, in the order in which it was sent.
    async fn arrive(&mut self, due: impl Fn(&UnderWay) -> bool) -> Result<(), Over> {
        let (arriving, staying) = mem::take(&mut self.under_way).into_iter().partition(due);
        self.under_way = staying;
        for UnderWay {
            mut exchange, fate, ..
        } in arriving
        {
            if fate == Fate::RequestLate {
                if exchange.sent.taken_at.elapsed() > STILL_DELIVERED {
                    self.tally.dropped += 1;
                    continue;
                }
                self.let_go(&mut exchange).await;
            }
            self.hear(exchange.answer().await, fate != Fate::AnswerLost)?;
        }
        Ok(())
    }

    /// `None` for a thief who has nothing yet.
    async fn begin_exchange(&mut self, request: Request) -> Option<Exchange> {
        let Request { who, kind, node } = request;
        let place = self.fleet.reach(node).await;
        let jar = self.jar_of(who)?;
        Some(Exchange::begin(place, who, kind, jar).await)
    }

    async fn let_go(&mut self, exchange: &mut Exchange) {
        self.ledger.goes(&exchange.sent);
        exchange.let_go(self.ledger.newest()).await;
    }

    /// Judges an answer, and keeps its cookies if it has arrived.
    fn hear(
        &mut self,
        (sent, answer): (super::exchange::Sent, Option<Answer>),
        arrives: bool,
    ) -> Result<Outcome, Over> {
        let outcome = Outcome::of(sent.kind, answer.as_ref());
        self.tally.busy += u64::from(outcome == Outcome::Busy);
        self.tally.dropped += u64::from(outcome == Outcome::Lost || !arrives);
        self.ledger.judge(&sent, outcome)?;
        if let Some(answer) = answer.filter(|_| arrives) {
            self.keep(sent.who, &answer);
        }
        Ok(outcome)
    }

    fn keep(&mut self, who: Who, answer: &Answer) {
        let Some(jar) = self.jar_of(who) else { return };
        let before = generation(jar, REFRESH);
        jar.keep(answer);
        let after = generation(jar, REFRESH);
        assert!(
            who == Who::Thief || before <= after,
            "older cookies came over newer ones: {before:?}, then {after:?}"
        );
        let held = jar.clone();
        if before < after {
            self.pairs.push(held);
        }
    }

    fn jar_of(&mut self, who: Who) -> Option<&mut Jar> {
        match who {
            Who::Owner => Some(&mut self.owner),
            Who::Thief => self.thief.as_mut(),
        }
    }

    pub(super) fn session(&self) -> Uuid {
        let claims = claims_of(self.owner.get(REFRESH).unwrap());
        claims["sid"].as_str().unwrap().parse().unwrap()
    }

    /// The row itself went from each generation to the next.
    async fn assert_every_generation_was_the_next(&self) {
        let session = self.session().simple().to_string();
        let astray = self.fleet.database.astray().await;
        let own = astray.iter().find(|change| change.starts_with(&session));
        assert_eq!(own, None, "a generation was not followed by the next");
    }
}

impl Pace {
    /// Waits for a place.
    pub async fn begin(places: &Arc<Semaphore>) -> Self {
        let mut pace = Self {
            places: Arc::clone(places),
            held: None,
        };
        pace.rest(Duration::ZERO).await;
        pace
    }

    /// Lets others go while it waits.
    pub async fn rest(&mut self, time: Duration) {
        self.held = None;
        sleep(time).await;
        self.held = Arc::clone(&self.places).acquire_owned().await.ok();
    }
}

/// A new session of one of the accounts.
async fn sign_in(fleet: &Fleet, number: u64) -> Jar {
    let headers = [
        ("cookie", wire::PROBE),
        ("sec-fetch-site", "same-origin"),
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let body = format!(
        "email={}&password={}&keep=true",
        fleet::owner(number),
        PASSWORD.replace(' ', "+")
    );
    let request = wire::request("POST", "/api/sign_in", &headers, &body);
    loop {
        let wanted = usize::from(number.is_multiple_of(2)) % fleet.size();
        let place = fleet.reach(wanted).await;
        if let Ok(mut held) = Held::try_back(place.address, &request).await {
            let _ = held.let_go().await;
            if let Some(answer) = held.answer().await.filter(Answer::renews) {
                let mut jar = Jar::default();
                jar.keep(&answer);
                return jar;
            }
        }
        sleep(AGAIN).await;
    }
}
