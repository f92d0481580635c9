//! The verdict by example, and by property: from any interleaving, an honest browser stays in.

use proptest::prelude::*;

use super::*;
use crate::{
    accounts::AccountId,
    authentication::Authentication,
    sessions::{Persistence, SessionId},
    version::AccountVersion,
};

const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const GRACE: Grace = Grace {
    window: Duration::from_secs(30),
    unseen_cap: Duration::from_mins(10),
};
const STRICT: Grace = Grace {
    window: Duration::ZERO,
    ..GRACE
};

/// A session that stands at generation 5 since [`START`].
fn session() -> Session {
    Session {
        id: SessionId::generate(),
        account_id: AccountId::generate(),
        generation: generation(5),
        rotated_at: START,
        generation_seen_at: None,
        seen_at: START,
        persistence: Persistence::Kept,
        created_at: START,
        idle_expires_at: START + 60 * MINUTE,
        absolute_expires_at: START + 90 * MINUTE,
        ended_at: None,
        end_reason: None,
        ip: String::new(),
        user_agent: String::new(),
        authentication: Authentication::by_password(START),
        account_disabled_at: None,
        account_version: AccountVersion::FIRST,
        roles: crate::roles::Roles::default(),
    }
}

fn generation(n: usize) -> Generation {
    (0..n).fold(Generation::NONE, |generation, _| generation.next())
}

/// When the current generation was first seen in use, counted from the rotation.
type Seen = Option<Duration>;
const UNSEEN: Seen = None;
const AT_ONCE: Seen = Some(Duration::ZERO);

/// The verdict on generation `presented` of a session at generation 5, `after` the rotation.
fn judge(presented: usize, seen: Seen, after: Duration, grace: Grace) -> Verdict {
    let seen_at = seen.map(|seen| START + seen);
    verdict(
        &session(),
        generation(presented),
        seen_at,
        grace,
        START + after,
    )
}

/// The verdict that moves the row on from 5.
fn rotate_to(to: usize) -> Verdict {
    Verdict::Rotate {
        from: generation(5),
        to: generation(to),
    }
}

#[test]
fn the_current_generation_rotates_at_any_time_of_its_life() {
    for after in [Duration::ZERO, SECOND, 59 * MINUTE] {
        assert_eq!(judge(5, UNSEEN, after, GRACE), rotate_to(6));
        assert_eq!(judge(5, AT_ONCE, after, STRICT), rotate_to(6));
    }
}

#[test]
fn the_previous_generation_repeats_within_the_window_though_the_current_was_seen() {
    assert_eq!(judge(4, AT_ONCE, Duration::ZERO, GRACE), Verdict::Repeat);
    assert_eq!(
        judge(4, AT_ONCE, Duration::from_millis(29_999), GRACE),
        Verdict::Repeat
    );
    assert_eq!(judge(4, AT_ONCE, 30 * SECOND, GRACE), Verdict::Reused);
}

#[test]
fn the_previous_generation_repeats_after_the_window_while_the_current_was_never_seen() {
    assert_eq!(judge(4, UNSEEN, 30 * SECOND, GRACE), Verdict::Repeat);
    assert_eq!(
        judge(4, UNSEEN, Duration::from_millis(599_999), GRACE),
        Verdict::Repeat
    );
    assert_eq!(judge(4, UNSEEN, 600 * SECOND, GRACE), Verdict::Reused);
}

/// Found by the property below: five tabs wake after a lost reply, the first is mended and uses
/// what it got, and the others were counted from the rotation.
#[test]
fn tabs_that_wake_together_after_a_lost_reply_all_stay_in() {
    let woke = MINUTE;
    assert_eq!(judge(4, UNSEEN, woke, GRACE), Verdict::Repeat);
    assert_eq!(judge(4, Some(woke), woke + SECOND, GRACE), Verdict::Repeat);
    assert_eq!(
        judge(4, Some(woke), woke + 30 * SECOND, GRACE),
        Verdict::Reused
    );
}

#[test]
fn a_window_of_zero_forgives_lost_replies_only() {
    assert_eq!(judge(4, AT_ONCE, Duration::ZERO, STRICT), Verdict::Reused);
    assert_eq!(judge(4, UNSEEN, Duration::ZERO, STRICT), Verdict::Repeat);
}

#[test]
fn anything_older_is_reused_even_within_the_window_and_unseen() {
    for presented in 0..4 {
        assert_eq!(
            judge(presented, UNSEEN, Duration::ZERO, GRACE),
            Verdict::Reused
        );
    }
}

#[test]
fn a_generation_the_row_lost_is_honoured_and_passed() {
    assert_eq!(judge(7, AT_ONCE, MINUTE, GRACE), rotate_to(8));
}

#[test]
fn whatever_is_presented_to_a_session_that_is_over_hears_why() {
    let ended = |change: &dyn Fn(&mut Session), after: Duration| {
        let mut session = session();
        change(&mut session);
        (0..8)
            .map(|n| verdict(&session, generation(n), None, GRACE, START + after))
            .reduce(|a, b| {
                if a == b {
                    a
                } else {
                    panic!("{a:?} is not {b:?}")
                }
            })
            .unwrap()
    };
    let alive = |_: &mut Session| {};
    assert_eq!(ended(&alive, 60 * MINUTE), Verdict::Ended(EndReason::Idle));
    assert_eq!(
        ended(&alive, 90 * MINUTE),
        Verdict::Ended(EndReason::Expired)
    );
    assert_eq!(
        ended(
            &|s| (s.ended_at, s.end_reason) = (Some(START), Some(EndReason::Revoked)),
            SECOND
        ),
        Verdict::Ended(EndReason::Revoked)
    );
    assert_eq!(
        ended(&|s| s.account_disabled_at = Some(START), SECOND),
        Verdict::Ended(EndReason::AccountDisabled)
    );
}

proptest! {
    /// What neither the window nor the evidence forgives ends the session, whoever brings it.
    #[test]
    fn a_token_older_than_window_and_evidence_allow_always_ends_the_session(
        current in 2_usize..50,
        back in 1_usize..50,
        seen in prop::option::of(0_u64..3_000_000),
        age in 0_u64..3_000_000,
        window in 0_u64..300_000,
        cap in 0_u64..2_000_000,
    ) {
        let presented = current.saturating_sub(back);
        let grace = Grace {
            window: Duration::from_millis(window),
            unseen_cap: Duration::from_millis(cap),
        };
        let row = Session { generation: generation(current), ..session() };
        let now = START + Duration::from_millis(age);
        let seen = seen.filter(|seen| *seen <= age);
        let seen_at = seen.map(|seen| START + Duration::from_millis(seen));
        let verdict = verdict(&row, generation(presented), seen_at, grace, now);
        let forgiven = back == 1
            && match seen {
                Some(seen) => age - seen < window,
                None => age < window || age < cap,
            };
        prop_assert_eq!(verdict, if forgiven { Verdict::Repeat } else { Verdict::Reused });
    }

    #[test]
    fn an_honest_browser_is_never_signed_out(events in prop::collection::vec(event(), 1..200)) {
        play(&events, GRACE)?;
    }
}

/// How long an access token of the model lives.
const ACCESS_TTL: Duration = Duration::from_mins(5);
/// The slowest reply of the model: far slower than the window, but not so slow that it is still
/// under way when its access token has expired and the next rotation is done. Such a reply would
/// put old cookies over new ones, which no server can see. The slowest request takes just less than
/// the window.
const SLOWEST_REPLY: Duration = Duration::from_mins(2);

/// A request or a reply under way, or what the cookie jar holds.
#[derive(Clone, Copy, Debug)]
struct Flight {
    generation: Generation,
    since: Timestamp,
}

/// One browser, whose tabs share a cookie jar, and the server as the rule sees it.
struct World {
    row: Session,
    seen_at: Option<Timestamp>,
    now: Timestamp,
    jar: Flight,
    requests: Vec<Flight>,
    replies: Vec<Flight>,
}

/// What may happen next. Indices are taken modulo what is under way, so any order is possible.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A tab finds the access token stale and asks for a new pair.
    Send,
    /// A request reaches the server.
    Serve(usize),
    /// A reply reaches the jar.
    Deliver(usize),
    /// A reply is lost on the way.
    Lose(usize),
    /// A tab uses the access token.
    Use,
    /// Milliseconds pass.
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => Just(Event::Send),
        3 => any::<usize>().prop_map(Event::Serve),
        3 => any::<usize>().prop_map(Event::Deliver),
        1 => any::<usize>().prop_map(Event::Lose),
        2 => Just(Event::Use),
        3 => (0_u64..400_000).prop_map(Event::Wait),
    ]
}

/// Plays events on one honest browser. Requests take less than the window, and after a lost reply
/// the person is back within the cap.
fn play(events: &[Event], grace: Grace) -> Result<(), TestCaseError> {
    let row = session();
    let jar = Flight {
        generation: row.generation,
        since: START,
    };
    let (requests, replies) = (Vec::new(), Vec::new());
    let mut world = World {
        row,
        seen_at: None,
        now: START,
        jar,
        requests,
        replies,
    };
    for event in events {
        let newest = world.row.generation;
        world.step(*event, grace)?;
        prop_assert!(
            world.row.generation >= newest,
            "the live generation only grows"
        );
    }
    Ok(())
}

impl World {
    fn step(&mut self, event: Event, grace: Grace) -> Result<(), TestCaseError> {
        let stale = self.now >= self.jar.since + ACCESS_TTL;
        match event {
            Event::Send if stale => self.requests.push(Flight {
                since: self.now,
                ..self.jar
            }),
            Event::Use if !stale && self.jar.generation == self.row.generation => {
                self.seen_at = self.seen_at.or(Some(self.now));
            }
            Event::Send | Event::Use => {}
            Event::Serve(index) => {
                if let Some(request) = take(&mut self.requests, index) {
                    self.refresh(request.generation, grace)?;
                }
            }
            Event::Deliver(index) => self.jar = take(&mut self.replies, index).unwrap_or(self.jar),
            Event::Lose(index) => drop(take(&mut self.replies, index)),
            Event::Wait(millis) => {
                let until = self.now + Duration::from_millis(millis);
                self.now = until.min(self.deadline(grace)).max(self.now);
            }
        }
        Ok(())
    }

    fn refresh(&mut self, presented: Generation, grace: Grace) -> Result<(), TestCaseError> {
        match verdict(&self.row, presented, self.seen_at, grace, self.now) {
            Verdict::Rotate { to, .. } => {
                self.row.generation = to;
                self.row.rotated_at = self.now;
                self.seen_at = None;
                self.row.idle_expires_at = self.now + 60 * MINUTE;
                self.row.absolute_expires_at = self.now + 90 * MINUTE;
            }
            Verdict::Repeat => {}
            verdict => prop_assert!(false, "{presented:?} was answered {verdict:?}"),
        }
        self.replies.push(Flight {
            generation: self.row.generation,
            since: self.now,
        });
        Ok(())
    }

    /// The latest instant to which time may pass before something under way must arrive.
    fn deadline(&self, grace: Grace) -> Timestamp {
        let just = Duration::from_millis(1);
        let requests = self
            .requests
            .iter()
            .map(|request| request.since + grace.window - just);
        let replies = self.replies.iter().map(|reply| reply.since + SLOWEST_REPLY);
        let behind = self.jar.generation < self.row.generation;
        let back_by = behind.then(|| self.row.rotated_at + grace.unseen_cap - grace.window);
        let alive = self.row.idle_expires_at - grace.window;
        requests
            .chain(replies)
            .chain(back_by)
            .fold(alive, Timestamp::min)
    }
}

fn take(flights: &mut Vec<Flight>, index: usize) -> Option<Flight> {
    (!flights.is_empty()).then(|| flights.swap_remove(index % flights.len()))
}
