//! The session protocol, explored to the last state: every order in which requests, replies, losses,
//! crashes, thefts, revocations and ticks of the clock can follow one another.
//!
//! The verdict is the server's own function, [`monban_auth::rotation::verdict`]. What is around it
//! (evidence, compare-and-swap, cookies) is modelled after `Auth::refresh`, the store and the session
//! middleware, in steps as small as theirs. States tell generations and ages from the present and
//! stop counting where nobody can tell the difference, so an exploration is complete for histories
//! of any length. Only what may be under way at once, and how many ticks the times take, are bounds;
//! each test prints them.
//!
//! | property | in words |
//! |---|---|
//! | [`HONEST`](explore::HONEST) | no reuse is found where nobody copied anything |
//! | [`ONE_LIVE`](explore::ONE_LIVE) | only the row's generation rotates, and only once |
//! | [`NOTICED`](explore::NOTICED) | a token is refused, and the session ended, once what came after it has been in use for a window |
//! | [`DEAD`](explore::DEAD) | no refresh succeeds that read the row, or wrote it, after the session ended |
//!
//! What is assumed, and nothing beyond it:
//!
//! 1. **A request arrives less than a window after it was sent.** One that does not may find its
//!    generation superseded and the next one in use.
//! 2. **A reply arrives, or never does, within so short a time that twice that and a request's time
//!    are less than an access token lives**; with the defaults, 2 min 15 s. On a network without such
//!    bounds only three things sign an honest client out: a request against the first assumption, a
//!    reply that is written over newer cookies, and one whose access token has less than a window
//!    left. A native client needs the same.
//! 3. **After a lost reply another arrives at least a window before the cap is over.** That goes for
//!    what loses many replies at once too, a crash or an outage.
//! 4. **An access token lives longer than a window**: it follows from the second.
//! 5. **The clocks of two nodes, and how long a request takes, differ by less than a window together**;
//!    in the model they agree. And every node writes its evidence before a window is over.
//! 6. **A key verifies until no token of it is left.**
//!
//! The first, the second and the third are about honest clients only: with a thief about, anything may
//! be as late as it likes. What counts as going on is to *use* what a refresh brought: a use that a
//! crash forgot before it was written does not count, nor does a refresh alone. [`limits`] has the
//! shortest history beyond each of these, [`broken`] what the model says of a broken protocol.
//!
//! Not modelled: the end of a session by age, the loss of a write by the row, and the denylist, which
//! is about access tokens.

#![expect(
    clippy::expect_used,
    reason = "a test that meets the unexpected should fail there and then"
)]

mod broken;
mod events;
mod explore;
mod honest;
mod limits;
mod outcome;
mod question;
mod server;
mod setting;
mod theft;
mod world;
