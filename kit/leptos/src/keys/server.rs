//! What the administrators' page asks of the core.

use monban_auth::{Actor, KeyChangeError, KeyView};

use crate::{
    error::AppError,
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

/// Whoever asks again while a new key waits gets what they asked for: it is published.
pub(crate) async fn rotate(request: &RequestContext) -> Result<(), AppError> {
    let by = Actor::Account(request.session.require_role(ADMIN)?.sub);
    match request.auth.keys().rotate(false, by).await {
        Ok(_) | Err(KeyChangeError::Waiting(_) | KeyChangeError::Raced) => Ok(()),
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
