//! What the form sends.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::form::FORM;
#[cfg(feature = "ssr")]
use crate::form::{EMAIL, NAME};
use crate::{error::AppError, local_path::LocalPath};

/// Makes an account, signs it in here, and leads on to `next`.
#[server(prefix = "/api", endpoint = "sign_up")]
pub async fn sign_up(
    /// What to call the person.
    name: String,
    /// The account's address.
    email: String,
    /// Its password.
    password: String,
    /// Where to go on to.
    #[server(default)]
    next: LocalPath,
) -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    let typed = FORM.typed_in(&[(NAME, &name), (EMAIL, &email)]);
    let outcome = super::server::sign_up(&request, &name, &email, &password).await;
    if outcome.is_ok() {
        request.go_to(next.clone());
    }
    request.respond_to_form(&FORM, next.to_sign_up(), typed, None, outcome)
}
