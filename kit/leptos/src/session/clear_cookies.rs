//! The way out of a conflict that no server can decide.

use leptos::prelude::*;

use crate::error::AppError;

/// Where [`clear_cookies`] is.
pub const CLEAR_COOKIES: &str = "/api/clear_cookies";

/// Lets the browser forget every cookie of this domain: those that another site of it has set, too.
/// The way out of a conflict that no server can decide.
#[server(prefix = "/api", endpoint = "clear_cookies")]
pub async fn clear_cookies() -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    request.session.clear_cookies();
    request.go_back();
    Ok(())
}
