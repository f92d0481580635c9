//! Tokens and keys to look at: harmless ones, for those who explain or measure how tokens work.
//!
//! - [`ThrowawayKey`] signs and verifies as the real keys do, and is never one of them,
//! - [`ThrowawayTokens`] are issued and checked as the real tokens are, under a key of their own,
//! - [`Auth::specimen`] is a genuine pair of tokens that never opened anything,
//! - [`signed_part`] is what a signature is over.

mod throwaway;
mod tokens;

pub use self::{
    throwaway::ThrowawayKey,
    tokens::{Checked, ThrowawayTokens},
};
pub use crate::token::signed_part;
use crate::{
    auth::Auth,
    error::AuthError,
    token::{AccessToken, RefreshToken},
};

impl Auth {
    /// A pair of tokens that this installation signed for nobody, and that expired in 1970: genuine,
    /// and never good for anything.
    pub fn specimen(&self) -> Result<(AccessToken, RefreshToken), AuthError> {
        Ok(self.tokens.specimen(self.now())?)
    }
}
