//! The session as the interface knows it: who is here, signing out.

use leptos::prelude::*;

use crate::{client::SessionClient, error::AppError, view::WhoIsHere};

/// Where [`clear_cookies`] is.
pub const CLEAR_COOKIES: &str = "/api/clear_cookies";

/// Lets the browser forget every cookie of this domain: those that another site of it has set, too.
/// The way out of a conflict that no server can decide.
#[server(prefix = "/api", endpoint = "clear_cookies")]
pub async fn clear_cookies() -> Result<(), AppError> {
    let request = crate::server::request()?;
    request.session.clear_cookies();
    request.go_back_with(crate::flash::Typed::default());
    Ok(())
}

/// Who is signed in here, by the access token alone.
#[server(prefix = "/api", endpoint = "who_am_i", input = server_fn::codec::GetUrl, client = SessionClient)]
pub async fn who_am_i() -> Result<Option<WhoIsHere>, AppError> {
    let request = crate::server::request()?;
    let found = request
        .session
        .find()
        .map(|claims| claims.map(|claims| crate::server::who_is_here(&claims)));
    request.respond(found)
}

/// Signs out here. Works with a stale token, and again.
#[server(prefix = "/api", endpoint = "sign_out", client = SessionClient)]
pub async fn sign_out() -> Result<(), AppError> {
    let request = crate::server::request()?;
    let outcome = request.session.sign_out(&request.auth).await;
    match &outcome {
        Ok(()) => request.go_to("/"),
        Err(_) => request.go_back_saying(crate::flash::Notice::NotSignedOut),
    }
    request.respond(outcome)
}
