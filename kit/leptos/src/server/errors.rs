//! Faults that are not the person's.

use monban_auth::AuthError;

use crate::error::AppError;

/// Notes a fault of ours for the operator. The person hears only whether trying again may help.
pub fn internal_error(error: &AuthError) -> AppError {
    if error.is_busy() {
        tracing::warn!(%error, "busy");
        return AppError::Busy;
    }
    tracing::error!(%error, "failed");
    AppError::Internal
}

/// Notes a fault of an app's own for the operator, as in `.map_err(fault)`. The person hears only that
/// the fault is ours.
pub fn fault(error: impl std::fmt::Display) -> AppError {
    tracing::error!(%error, "failed");
    AppError::Internal
}
