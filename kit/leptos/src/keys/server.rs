//! What the administrators' page asks of the core.

use monban_auth::{Actor, KeyChangeError, KeyView};

use super::form::{ROTATED, WAITING};
use crate::{
    error::AppError,
    flash::Notice,
    server::{context::RequestContext, errors::internal_error, instant_view},
    view::{ADMIN, SigningKeyView},
};

pub(crate) fn list(request: &RequestContext) -> Result<Vec<SigningKeyView>, AppError> {
    request.session.require_role(ADMIN)?;
    Ok(request
        .auth
        .keys()
        .list()
        .iter()
        .map(signing_key_view)
        .collect())
}

/// Publishes the next key. While one that is new waits to sign there is none to publish, and that is said.
pub(crate) async fn rotate(request: &RequestContext) -> Result<Notice, AppError> {
    let by = Actor::Account(request.session.require_role(ADMIN)?.sub);
    match request.auth.keys().rotate(false, by).await {
        Ok(_) => Ok(ROTATED),
        Err(KeyChangeError::Waiting(_) | KeyChangeError::Raced) => Ok(WAITING),
        Err(KeyChangeError::Auth(error)) => Err(internal_error(&error)),
        Err(KeyChangeError::Unknown(_) | KeyChangeError::InUse(_)) => Err(AppError::Internal),
    }
}

/// A signing key as administrators see it.
fn signing_key_view(key: &KeyView) -> SigningKeyView {
    SigningKeyView {
        kid: key.kid.clone(),
        alg: key.alg.name().to_owned(),
        state: key.state.name().to_owned(),
        signs_at: instant_view(key.signs_at),
    }
}
