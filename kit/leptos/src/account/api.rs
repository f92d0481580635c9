//! What the form sends.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::form::{FORM, SAVED};
#[cfg(feature = "ssr")]
use crate::{address::account_path, form::NAME};
use crate::{client::SessionClient, error::AppError};

/// Gives the account another name. Answers the name as it is kept.
#[server(prefix = "/api", endpoint = "update_account", client = SessionClient)]
pub async fn update_account(
    /// What to call the person from now on.
    name: String,
) -> Result<String, AppError> {
    let request = crate::server::context::request()?;
    let typed = FORM.typed_in(&[(NAME, &name)]);
    let outcome = super::server::rename(&request, &name).await;
    let page = account_path(FORM.path());
    request.respond_to_form(&FORM, page, typed, Some(SAVED), outcome)
}
