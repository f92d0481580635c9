//! Whether the time of an answer tells which addresses have an account.

use std::time::Duration;

use crate::{attacks::TimingView, sandbox::Party};
use axum::{body::to_bytes, http::StatusCode};
use tokio::time::Instant;

use super::{SandboxError, Stage, actor::Actor, stage::sent_by};

/// How many sign-ins of each kind, if there is time.
const MANY: usize = 100;
/// Fewer of each say nothing, however long they take.
const FEWEST: usize = 5;
/// The first few find nothing warm.
const FIRST: usize = 4;
/// No more are begun after so long.
const TIME: Duration = Duration::from_secs(1);
/// No refusal is larger.
const MOST: usize = 64 * 1024;

/// Times failing sign-ins as a known address and as an unknown one. They take turns, and change who
/// begins, so that what else the machine does falls on both.
pub async fn measure(stage: &Stage<'_>) -> Result<TimingView, SandboxError> {
    let begun = Instant::now();
    let unknown = stage.email.replacen("ann", "nobody", 1);
    let mut view = TimingView::default();
    for round in 0..MANY + FIRST {
        if begun.elapsed() >= TIME && view.known.len() >= FEWEST {
            break;
        }
        let mut took = [0, 0];
        for turn in 0..2 {
            let whose = (round + turn) % 2;
            let email = [&stage.email, &unknown][whose];
            took[whose] = sign_in(stage, email).await?;
        }
        if round >= FIRST {
            view.known.push(took[0]);
            view.unknown.push(took[1]);
        }
    }
    Ok(view)
}

/// One sign-in with a wrong password, from the request to the end of the answer, in microseconds.
async fn sign_in(stage: &Stage<'_>, email: &str) -> Result<u32, SandboxError> {
    let form = [
        ("email", email),
        ("password", "123456789"),
        ("keep", "true"),
    ];
    let asked = Actor::new(Party::Thief).call("sign_in", &form)?;
    let asked = sent_by(Party::Thief, asked);
    let begun = Instant::now();
    let answer = stage.world.answer(asked).await;
    let status = answer.status();
    to_bytes(answer.into_body(), MOST).await?;
    if status != StatusCode::UNAUTHORIZED {
        return Err(SandboxError::Unexpected(status));
    }
    Ok(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX))
}
