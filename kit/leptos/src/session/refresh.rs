//! Renewing the pair of tokens.

use leptos::prelude::*;

use crate::error::AppError;

/// Renews the pair of tokens. The cookies travel in the headers; the answer holds nothing.
///
/// Called by [`SessionClient`](super::client::SessionClient) only, which is why it goes through the plain
/// client itself.
#[server(prefix = "/api", endpoint = "refresh")]
pub async fn refresh() -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    request.respond(
        request
            .session
            .refresh(&request.auth, &request.client)
            .await,
    )
}
