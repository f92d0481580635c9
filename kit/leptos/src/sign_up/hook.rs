//! What an app does when something happens to an account.

use std::{fmt, pin::Pin, sync::Arc};

use monban_auth::AccountId;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What an app does when somebody has signed up, by a page or by the REST API: a row of its own, a
/// greeting. The answer to the person waits for it.
///
/// The account is there already, and stays whatever becomes of this: a server that dies in between has
/// not done it. What an account cannot do without is better made when it is first needed.
#[derive(Clone)]
pub struct SignUpHook(Arc<dyn Fn(AccountId) -> Work + Send + Sync>);

impl SignUpHook {
    /// Does that.
    pub fn new<F>(work: impl Fn(AccountId) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self(Arc::new(move |account| Box::pin(work(account))))
    }

    /// Somebody has signed up: does it.
    pub async fn run(&self, account: AccountId) {
        (self.0)(account).await;
    }
}

impl fmt::Debug for SignUpHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignUpHook")
    }
}
