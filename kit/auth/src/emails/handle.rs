//! One mailbox, one account: [folded](crate::emails) addresses, and what an operator does where
//! accounts from before collide.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    email::Email,
    store::{EmailChange, EmailCollision},
};
use crate::{accounts::AccountId, audit::Actor, auth::Auth, error::AuthError};

/// How many addresses are folded at a time.
const BATCH: u32 = 500;
/// A start is not held up for longer; maintenance does the rest.
const AT_START: Duration = Duration::from_secs(10);

impl Auth {
    /// Folds the addresses that are not yet, at the start: before somebody new takes a mailbox. The
    /// start does not depend on it.
    pub(crate) async fn fold_emails_at_start(&self) {
        if let Err(error) = self.fold_emails(Some(AT_START)).await {
            tracing::warn!(%error, "addresses are not folded yet; maintenance tries again");
        }
    }

    /// Folds the addresses of accounts that came without: from before there were folded ones, or
    /// from a node of a version that knows none. Where several accounts have one mailbox, each goes
    /// on signing in with its own spelling, and nobody is changed.
    pub(crate) async fn fold_emails(&self, at_most: Option<Duration>) -> Result<(), AuthError> {
        let start = Instant::now();
        // All claim before any is given what it claims: else the first would be preferred.
        loop {
            let unfolded = self.store.unfolded_accounts(BATCH).await?;
            if unfolded.is_empty() {
                break;
            }
            let claims: Vec<_> = unfolded
                .iter()
                .map(|(id, email)| (*id, email.folded()))
                .collect();
            self.store.claim_folded(&claims).await?;
            if at_most.is_some_and(|most| start.elapsed() > most) {
                tracing::info!("addresses are being folded for the first time; this takes a while");
                return Ok(());
            }
        }
        while self.store.settle_claims(BATCH).await? > 0 {}
        Ok(())
    }
}

/// The addresses of accounts.
#[derive(Clone, Copy, Debug)]
pub struct Emails<'a> {
    auth: &'a Auth,
}

impl Auth {
    /// The addresses of accounts.
    pub fn emails(&self) -> Emails<'_> {
        Emails { auth: self }
    }
}

impl Emails<'_> {
    /// The accounts that share a mailbox with others, next to each other.
    pub async fn collisions(&self) -> Result<Vec<EmailCollision>, AuthError> {
        self.auth.fold_emails(None).await?;
        Ok(self.auth.store.email_collisions().await?)
    }

    /// Gives the account another address. Whoever alone is left with a mailbox then signs in with
    /// any spelling of it.
    pub async fn change(
        &self,
        account: AccountId,
        email: &Email,
        by: Actor,
    ) -> Result<EmailChange, AuthError> {
        let now = self.auth.now();
        let changed = self
            .auth
            .store
            .change_email(account, email, by, now)
            .await?;
        self.auth.fold_emails(None).await?;
        Ok(changed)
    }
}
