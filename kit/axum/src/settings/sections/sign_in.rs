//! How often a sign-in may fail.

use std::time::Duration;

use monban_auth::AttemptRules;

crate::settings_section! {
    /// How often a sign-in may fail.
    pub struct SignInSettings in "Sign-in" {
        /// Failed sign-ins from one network at one account before further ones are answered with
        /// 429; five times as many are allowed from one network at all accounts, and ten times as
        /// many at one account from everywhere before strangers wait up to a minute each time; `0`
        /// for no limit.
        sign_in_failures: u32 = "10" in "0"..="1000";

        /// Length of the window in which failed sign-ins are counted.
        sign_in_window: Duration = "15m" in "1s"..="24h";
    }
}

impl From<&SignInSettings> for AttemptRules {
    fn from(settings: &SignInSettings) -> Self {
        Self {
            failures: settings.sign_in_failures,
            window: settings.sign_in_window,
        }
    }
}
