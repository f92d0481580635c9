//! The verdict on a refresh token: the one rule that keeps people signed in and thieves out.
//!
//! A refresh token says "session S, generation g". The row says which generation is current.
//!
//! | presented | condition | verdict |
//! |---|---|---|
//! | any | expired, ended, account disabled | [`Ended`](Verdict::Ended) |
//! | current | | [`Rotate`](Verdict::Rotate) |
//! | current − 1 | within [`Grace::window`] of the rotation, or of the first use of current | [`Repeat`](Verdict::Repeat): racing tabs converge |
//! | current − 1 | current never seen in use, within [`Grace::unseen_cap`] of the rotation | [`Repeat`](Verdict::Repeat): the reply was lost |
//! | older, or outside both | | [`Reused`](Verdict::Reused) (RFC 9700 §4.14.2) |
//! | newer than current | | [`Rotate`](Verdict::Rotate): see below |
//!
//! A generation newer than the row's cannot be forged: it was signed here. The row lost a write,
//! as when the machine lost power or the database came back from a copy. Refusing would sign an
//! honest person out for the server's fault, so the row is moved past the token instead.
//!
//! Why the window also runs from the first use: a reply is lost, the lid closes, and a minute later
//! five tabs wake and send the old generation at once. The first is mended by the evidence rule
//! and goes on to use the current generation while the other four are still under way. Counted
//! from the rotation their window is long over. No tab sends the old generation once the new one
//! has arrived, and it has arrived before it is used: so what an honest browser sends comes at most
//! one request's time after the first use.
//!
//! What the rule needs to be right about somebody honest: a request arrives within the window after
//! it was sent; twice the time of a reply and once that of a request are less than an access token
//! lives, so that no reply puts an old generation over a newer one; after a lost reply the next one
//! arrives a window before the cap; and the clocks of two nodes differ by less than what a request
//! leaves of the window. `tests/model` explores all that can happen within these bounds, and has a
//! counterexample just beyond each.
//!
//! What it needs to notice a thief: that both sides *use* what they were given. Whoever only renews
//! looks like a reply that was lost.
//!
//! The function knows no clock, no store and no network, so that tests, and a model checker, can
//! ask it everything.

use std::time::Duration;

use crate::{
    clock::Timestamp,
    sessions::{EndReason, Generation, Session},
};

/// How far a superseded token is forgiven. From the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grace {
    /// After a rotation, and after the first use of what it made, the previous generation gets the
    /// current one for this long. Zero is strict: only lost replies are forgiven.
    pub window: Duration,
    /// While nobody has used the current generation, the previous one gets it for this long.
    pub unseen_cap: Duration,
}

/// What to do with a presented refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Move the row from the first generation to the second, if it still stands there.
    Rotate {
        /// What the row must still say.
        from: Generation,
        /// What it will say.
        to: Generation,
    },
    /// Issue tokens of the current generation again.
    Repeat,
    /// A copy is in use: end this session.
    Reused,
    /// The session is over.
    Ended(EndReason),
}

/// Judges a refresh token of generation `presented` at `now`. `seen_at` is when the current
/// generation was first seen in use, by the row or by this node's memory.
pub fn verdict(
    session: &Session,
    presented: Generation,
    seen_at: Option<Timestamp>,
    grace: Grace,
    now: Timestamp,
) -> Verdict {
    let current = session.generation;
    if let Some(reason) = session.ended(now) {
        return Verdict::Ended(reason);
    }
    if presented >= current {
        return Verdict::Rotate {
            from: current,
            to: presented.next(),
        };
    }
    let in_hand_since = seen_at.map_or(session.rotated_at, |seen| seen.max(session.rotated_at));
    let racing = now.since(in_hand_since) < grace.window;
    let reply_lost = seen_at.is_none() && now.since(session.rotated_at) < grace.unseen_cap;
    if presented.next() == current && (racing || reply_lost) {
        Verdict::Repeat
    } else {
        Verdict::Reused
    }
}

#[cfg(test)]
mod tests;
