//! Signing out.

use leptos::prelude::*;

use super::client::SessionClient;
use crate::{error::AppError, flash::Notice};

/// Signing out did not work: the person is still signed in.
pub const FAILED: Notice = Notice::new("not_signed_out");

/// Signs out here. Works with a stale token, and again.
#[server(prefix = "/api", endpoint = "sign_out", client = SessionClient)]
pub async fn sign_out() -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    let outcome = request.session.sign_out(&request.auth).await;
    match &outcome {
        Ok(()) => request.go_to("/"),
        Err(_) => request.go_back_saying(FAILED),
    }
    request.respond(outcome)
}
