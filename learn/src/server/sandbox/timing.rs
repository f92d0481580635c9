//! Whether the time of an answer tells which addresses have an account.

use std::time::Duration;

use crate::{attacks::TimingView, sandbox::Participant};
use axum::{body::to_bytes, http::StatusCode};
use tokio::time::Instant;

use super::{
    SandboxError,
    client::SandboxClient,
    recorder::{Recorder, with_peer_of},
};

/// The number of sign-ins of each kind that are counted, if there is time.
const MAX_SAMPLES: usize = 100;
/// The number of sign-ins of each kind that are made in any case, however long they take.
const MIN_SAMPLES: usize = 5;
/// The number of rounds that are not counted, while caches fill.
const WARM_UP: usize = 4;
/// The time after which no further round begins.
const TIME_LIMIT: Duration = Duration::from_secs(1);
/// The size limit of a response body. No refusal is larger.
const MAX_BODY: usize = 64 * 1024;

/// Times failing sign-ins with a known address and with an unknown one. They alternate, and so does
/// which of them goes first, so that other load of the machine affects both alike.
pub async fn measure(recorder: &Recorder<'_>) -> Result<TimingView, SandboxError> {
    let start = Instant::now();
    let unknown = recorder.email.replacen("ann", "nobody", 1);
    let mut view = TimingView::default();
    for round in 0..MAX_SAMPLES + WARM_UP {
        if start.elapsed() >= TIME_LIMIT && view.known.len() >= MIN_SAMPLES {
            break;
        }
        let mut times = [0, 0];
        for turn in 0..2 {
            let kind = (round + turn) % 2;
            let email = [&recorder.email, &unknown][kind];
            times[kind] = sign_in(recorder, email).await?;
        }
        if round >= WARM_UP {
            view.known.push(times[0]);
            view.unknown.push(times[1]);
        }
    }
    Ok(view)
}

/// One sign-in with a wrong password, from the request to the end of the response, in microseconds.
async fn sign_in(recorder: &Recorder<'_>, email: &str) -> Result<u32, SandboxError> {
    let form = [
        ("email", email),
        ("password", "123456789"),
        ("keep", "true"),
    ];
    let request = SandboxClient::new(Participant::Attacker).call("sign_in", &form)?;
    let request = with_peer_of(Participant::Attacker, request);
    let start = Instant::now();
    let response = recorder.instance.respond(request).await;
    let status = response.status();
    to_bytes(response.into_body(), MAX_BODY).await?;
    if status != StatusCode::UNAUTHORIZED {
        return Err(SandboxError::Unexpected(status));
    }
    Ok(u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX))
}
