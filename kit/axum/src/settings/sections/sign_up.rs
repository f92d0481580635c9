//! Who may make an account.

use std::time::Duration;

use monban_auth::SignUpRules;

use super::super::Value;

crate::settings_section! {
    /// Who may make an account.
    pub struct SignUpSettings in "Sign-up" {
        /// Whether anybody may create an account: `open`, or `closed` so that only operators can
        /// (`monban users create`).
        sign_up: SignUp = "open";

        /// Sign-ups from one network, an IPv4 address or an IPv6 /64 (four times as many from a
        /// /48), before further ones are answered with 429; refused ones count, too; `0` for no
        /// limit.
        sign_up_attempts: u32 = "60" in "0"..="100000";

        /// Length of the window in which sign-ups are counted.
        sign_up_window: Duration = "1h" in "1s"..="24h";
    }
}

impl From<&SignUpSettings> for SignUpRules {
    fn from(settings: &SignUpSettings) -> Self {
        Self {
            open: settings.sign_up == SignUp::Open,
            attempts: settings.sign_up_attempts,
            window: settings.sign_up_window,
        }
    }
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUp {
    /// Anybody.
    Open,
    /// Operators.
    Closed,
}

impl Value for SignUp {
    const NOUN: &'static str = "open or closed";

    fn read(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }

    fn show(&self) -> String {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
        .to_owned()
    }
}
