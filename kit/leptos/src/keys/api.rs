//! What the page asks for.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::form::FORM;
#[cfg(feature = "ssr")]
use crate::address::account_path;
use crate::{client::SessionClient, error::AppError, view::SigningKeyView};

/// Every signing key, in the order in which they sign.
#[server(prefix = "/api", endpoint = "list_keys", input = server_fn::codec::GetUrl, client = SessionClient)]
pub async fn list_keys() -> Result<Vec<SigningKeyView>, AppError> {
    let request = crate::server::context::request()?;
    request.respond(super::server::list(&request))
}

/// Publishes the next key. It signs once every verifier must have read of it.
#[server(prefix = "/api", endpoint = "rotate_keys", client = SessionClient)]
pub async fn rotate_keys() -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    let outcome = super::server::rotate(&request).await;
    let (page, nothing) = (account_path(FORM.path()), crate::flash::Typed::default());
    let notice = outcome.as_ref().ok().cloned();
    request.respond_to_form(&FORM, page, nothing, notice, outcome.map(drop))
}
