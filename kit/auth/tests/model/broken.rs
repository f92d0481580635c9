//! Each part of the protocol, broken on purpose: the model must notice, and say what is broken.

use std::time::Duration;

use monban_auth::{
    Generation, Grace, Session, Timestamp,
    rotation::{Verdict, verdict},
};

use crate::{
    explore::{DEAD, HONEST, NOTICED, ONE_LIVE, refute},
    setting::{Evidence, Judge, Protocol, Setting},
};

const fn judged_by(verdict: Judge, setting: Setting) -> Setting {
    Setting {
        protocol: Protocol {
            verdict,
            ..Protocol::SERVER
        },
        ..setting
    }
}

#[test]
fn a_grace_that_forgives_two_generations_back_misses_a_thief() {
    let broken: Judge = |session, presented, seen_at, grace, now| {
        let two_back = presented.next().next() == session.generation;
        let presented = if two_back {
            presented.next()
        } else {
            presented
        };
        verdict(session, presented, seen_at, grace, now)
    };
    refute(judged_by(broken, Setting::theft(1)), NOTICED);
}

#[test]
fn a_verdict_without_window_and_evidence_signs_racing_tabs_out() {
    let broken: Judge = |session, presented, seen_at, _, now| {
        let strict = Grace {
            window: Duration::ZERO,
            unseen_cap: Duration::ZERO,
        };
        verdict(session, presented, seen_at, strict, now)
    };
    refute(judged_by(broken, Setting::honest(2)), HONEST);
}

#[test]
fn a_window_from_the_rotation_alone_signs_out_tabs_that_wake_together() {
    fn broken(
        session: &Session,
        presented: Generation,
        seen_at: Option<Timestamp>,
        grace: Grace,
        now: Timestamp,
    ) -> Verdict {
        let over = now.since(session.rotated_at) >= grace.window;
        match verdict(session, presented, seen_at, grace, now) {
            Verdict::Repeat if over && seen_at.is_some() => Verdict::Reused,
            verdict => verdict,
        }
    }
    refute(judged_by(broken, Setting::honest(2)), HONEST);
}

#[test]
fn a_verdict_that_ignores_evidence_misses_a_thief() {
    let broken: Judge =
        |session, presented, _, grace, now| verdict(session, presented, None, grace, now);
    refute(judged_by(broken, Setting::theft(1)), NOTICED);
}

#[test]
fn a_verdict_that_does_not_look_at_revocation_lets_the_dead_live() {
    let broken: Judge = |session, presented, seen_at, grace, now| {
        let session = Session {
            ended_at: None,
            ..session.clone()
        };
        verdict(&session, presented, seen_at, grace, now)
    };
    let revoked = Setting {
        revocation: true,
        ..Setting::honest(2)
    };
    refute(judged_by(broken, revoked), DEAD);
}

#[test]
fn a_swap_that_always_wins_makes_two_live_generations() {
    let protocol = Protocol {
        swap: |_, _| true,
        ..Protocol::SERVER
    };
    let broken = Setting {
        protocol,
        ..Setting::honest(2)
    };
    refute(broken, ONE_LIVE);
}

#[test]
fn a_swap_that_does_not_look_at_revocation_lets_the_dead_live() {
    let protocol = Protocol {
        swap: |stands, _| stands,
        ..Protocol::SERVER
    };
    let broken = Setting {
        protocol,
        revocation: true,
        ..Setting::honest(1)
    };
    refute(broken, DEAD);
}

#[test]
fn evidence_asked_for_after_the_row_misses_a_thief() {
    let protocol = Protocol {
        evidence: Evidence::AfterRow,
        ..Protocol::SERVER
    };
    let broken = Setting {
        protocol,
        ..Setting::theft(1)
    };
    refute(broken, NOTICED);
}

#[test]
fn a_key_that_goes_before_its_tokens_signs_people_out() {
    let protocol = Protocol {
        keys_go_early: true,
        ..Protocol::SERVER
    };
    let broken = Setting {
        protocol,
        keys: true,
        ..Setting::honest(1)
    };
    refute(broken, HONEST);
}
