//! What the administrators' page asks of the core.

use monban_auth::{Actor, KeyChangeError};

use super::{RequestContext, internal_error, views::signing_key_view};
use crate::{
    error::AppError,
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
