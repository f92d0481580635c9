//! What may go wrong on our side.

use crate::{
    claims::ClaimsError,
    hashing::HashingError,
    keys::{KeyError, SigningError},
    store::error::StoreError,
};

/// What may go wrong on our side. The person can only try again.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing failed, or is overloaded.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// No token could be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The signing keys cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The app did not say what it adds to the access token.
    #[error(transparent)]
    Claims(#[from] ClaimsError),
    /// This node may have missed what others changed, and cannot ask.
    #[error("nothing was heard of other nodes, and the database does not answer")]
    OutOfSync,
    /// A newer version of this software made the session, and only that can renew it.
    #[error("the session's row is of a kind that this version does not know")]
    NewerSession,
    /// Others kept winning the race for this session's row.
    #[error("the session's row did not hold still")]
    Contention,
}

impl AuthError {
    /// Whether the same request may well succeed a little later.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Contention
            | Self::OutOfSync
            | Self::NewerSession
            | Self::Hashing(HashingError::Busy) => true,
            Self::Store(error) => error.is_busy(),
            Self::Claims(error) => !matches!(error, ClaimsError::TooLarge(_)),
            _ => false,
        }
    }
}
