//! Who is signed in here.

use leptos::prelude::*;

use super::client::SessionClient;
use crate::{error::AppError, view::WhoIsHere};

/// Who is signed in here, by the access token alone.
#[server(prefix = "/api", endpoint = "who_am_i", input = server_fn::codec::GetUrl, client = SessionClient)]
pub async fn who_am_i() -> Result<Option<WhoIsHere>, AppError> {
    let request = crate::server::context::request()?;
    let found = request
        .session
        .find()
        .map(|claims| claims.map(|claims| who_is_here(&claims)));
    request.respond(found)
}

#[cfg(feature = "ssr")]
fn who_is_here(claims: &monban_auth::AccessClaims) -> WhoIsHere {
    WhoIsHere {
        account_id: claims.sub.to_string(),
        roles: claims.roles.clone(),
        expires_at: claims.exp,
    }
}
