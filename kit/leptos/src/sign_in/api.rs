//! What the form sends.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::form::FORM;
#[cfg(feature = "ssr")]
use crate::form::EMAIL;
use crate::{error::AppError, local_path::LocalPath};

/// Signs in here, with a new session, and leads on to `next`.
#[server(prefix = "/api", endpoint = "sign_in")]
pub async fn sign_in(
    /// The account's address.
    email: String,
    /// Its password.
    password: String,
    /// Whether to stay signed in when the browser is closed.
    #[server(default)]
    keep: bool,
    /// Where to go on to.
    #[server(default)]
    next: LocalPath,
) -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    let typed = FORM.typed(|name| match name {
        EMAIL => Some(&*email),
        _ => keep.then_some("true"),
    });
    let outcome = super::server::sign_in(&request, &email, &password, keep).await;
    if outcome.is_ok() {
        request.go_to(next.clone());
    }
    request.respond_to_form(&FORM, next.via_sign_in(), typed, None, outcome)
}
