//! The question put to the verdict: the model's small numbers in the server's own types.

use std::{sync::LazyLock, time::Duration};

use monban_auth::{
    AccountId, AccountVersion, Authentication, EndReason, Generation, Grace, Persistence, Roles,
    Session, SessionId, Timestamp, rotation::Verdict,
};

use crate::{
    setting::{Protocol, Ticks, Times},
    world::{Back, OLDEST, Row},
};

/// A tick of the model, in the server's time.
const TICK: Duration = Duration::from_secs(15);

/// A refresh token to be judged. All ages are from the arrival, by the clock of the judging node.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub row: Row,
    pub generation: Back,
    pub presented: Back,
    pub seen: Option<Ticks>,
}

/// What the model's numbers are counted from. That it makes no difference is a test below.
#[derive(Clone, Copy, Debug)]
struct Origin {
    now: Timestamp,
    current: i64,
}

const ORIGIN: Origin = Origin {
    now: Timestamp::from_millis(1_800_000_000_000),
    current: 10,
};

/// Asks the protocol's verdict. A rotation is answered by the generation that it leads to.
pub fn ask(protocol: &Protocol, times: Times, question: Question) -> Verdict {
    ORIGIN.ask(protocol, times, question)
}

/// The model's number of a generation.
pub fn relative(generation: Generation) -> Back {
    ORIGIN.relative(generation)
}

impl Origin {
    fn ask(self, protocol: &Protocol, times: Times, question: Question) -> Verdict {
        let Question { row, seen, .. } = question;
        let session = Session {
            generation: self.generation(question.generation),
            rotated_at: self.ago(row.rotated),
            ended_at: row.ended.map(|_| self.now),
            end_reason: row.ended.map(EndReason::from),
            idle_expires_at: self.now + TICK,
            absolute_expires_at: self.now + TICK,
            ..ROW.clone()
        };
        let grace = Grace {
            window: TICK * times.window.unsigned_abs().into(),
            unseen_cap: TICK * times.unseen_cap.unsigned_abs().into(),
        };
        (protocol.verdict)(
            &session,
            self.generation(question.presented),
            seen.map(|seen| self.ago(seen)),
            grace,
            self.now,
        )
    }

    fn ago(self, ticks: Ticks) -> Timestamp {
        let time = TICK * ticks.unsigned_abs().into();
        if ticks < 0 {
            self.now + time
        } else {
            self.now - time
        }
    }

    fn generation(self, back: Back) -> Generation {
        usize::try_from(self.current + i64::from(back))
            .ok()
            .and_then(|number| GENERATIONS.get(number).copied())
            .unwrap_or(Generation::NONE)
    }

    fn relative(self, generation: Generation) -> Back {
        Back::try_from(generation.get() - self.current).unwrap_or(OLDEST)
    }
}

static GENERATIONS: LazyLock<Vec<Generation>> = LazyLock::new(|| {
    let next = |generation: &Generation| Some(generation.next());
    let all = std::iter::successors(Some(Generation::NONE), next);
    all.take(100).collect()
});

/// The row, but for what the model changes.
static ROW: LazyLock<Session> = LazyLock::new(|| Session {
    id: SessionId::generate(),
    account_id: AccountId::generate(),
    generation: Generation::FIRST,
    rotated_at: Timestamp::default(),
    generation_seen_at: None,
    seen_at: Timestamp::default(),
    persistence: Persistence::Kept,
    created_at: Timestamp::default(),
    idle_expires_at: Timestamp::default(),
    absolute_expires_at: Timestamp::default(),
    ended_at: None,
    end_reason: None,
    ip: String::new(),
    user_agent: String::new(),
    authentication: Authentication::by_password(Timestamp::default()),
    account_disabled_at: None,
    account_version: AccountVersion::FIRST,
    roles: Roles::default(),
});

/// Every question with ages up to a few ticks past the cap.
fn questions(times: Times) -> impl Iterator<Item = Question> {
    let ages = move || -3..=times.unseen_cap + 3;
    let seen = move || ages().map(Some).chain([None]);
    let of = move |(rotated, seen)| {
        (2 * OLDEST..=1).map(move |presented| Question {
            row: Row {
                rotated,
                seen,
                ended: None,
            },
            generation: 0,
            presented,
            seen,
        })
    };
    ages()
        .flat_map(move |rotated| seen().map(move |seen| (rotated, seen)))
        .flat_map(of)
}

/// So a history is described by its present alone, which covers all of its length.
#[test]
fn the_verdict_knows_differences_only() {
    let elsewhere = Origin {
        now: Timestamp::from_millis(86_400_000),
        current: 77,
    };
    let answer = |origin: Origin, question| {
        let verdict = origin.ask(&Protocol::SERVER, Times::COARSE, question);
        let Verdict::Rotate { from, to } = verdict else {
            return format!("{verdict:?}");
        };
        format!("{} to {}", origin.relative(from), origin.relative(to))
    };
    for question in questions(Times::COARSE) {
        assert_eq!(answer(ORIGIN, question), answer(elsewhere, question));
    }
}

/// So ages and generations may stop counting there.
#[test]
fn past_its_limits_the_verdict_does_not_change() {
    let times = Times::COARSE;
    let verdict = |question| ask(&Protocol::SERVER, times, question);
    for question in questions(times).filter(|question| question.presented <= 0) {
        let Question {
            row,
            presented,
            seen,
            ..
        } = question;
        let stopped = Question {
            row: Row {
                rotated: row.rotated.min(times.unseen_cap),
                ..row
            },
            presented: presented.max(OLDEST),
            seen: seen.map(|seen| seen.min(times.window)),
            ..question
        };
        assert_eq!(verdict(question), verdict(stopped), "{question:?}");
    }
}
