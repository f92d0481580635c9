//! What crosses the wire when an attack is tried.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::sandbox::ExchangeView;
use monban_leptos::error::AppError;

/// An attack that can be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttackName {
    /// A script in a name.
    ScriptInjection,
    /// A form on another site.
    CrossSite,
    /// A second cookie of the same name.
    CookieTossing,
    /// Cookies planted before the sign-in.
    SessionFixation,
    /// Another payload under the same signature.
    TamperedToken,
    /// A stolen refresh token, while tabs may still race.
    ReplayInside,
    /// A stolen refresh token, later.
    ReplayAfter,
    /// One password after the other.
    Guessing,
    /// A sign-in that leads to another site.
    OpenRedirect,
    /// Who has an account, by the time of the answer.
    Timing,
}

impl AttackName {
    /// All of them, in the order in which to read them.
    pub const ALL: [Self; 10] = [
        Self::ScriptInjection,
        Self::CrossSite,
        Self::CookieTossing,
        Self::SessionFixation,
        Self::TamperedToken,
        Self::ReplayInside,
        Self::ReplayAfter,
        Self::Guessing,
        Self::OpenRedirect,
        Self::Timing,
    ];

    /// Its name in addresses and in the text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScriptInjection => "script_injection",
            Self::CrossSite => "cross_site",
            Self::CookieTossing => "cookie_tossing",
            Self::SessionFixation => "session_fixation",
            Self::TamperedToken => "tampered_token",
            Self::ReplayInside => "replay_inside",
            Self::ReplayAfter => "replay_after",
            Self::Guessing => "guessing",
            Self::OpenRedirect => "open_redirect",
            Self::Timing => "timing",
        }
    }
}

/// What came of an attack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttackView {
    /// What was said.
    pub exchanges: Vec<ExchangeView>,
    /// What was measured, where time is what is attacked.
    pub timing: Option<TimingView>,
}

impl AttackView {
    /// Of what was said alone.
    pub const fn of(exchanges: Vec<ExchangeView>) -> Self {
        Self {
            exchanges,
            timing: None,
        }
    }
}

/// How long refused sign-ins took, in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimingView {
    /// With an address that has an account.
    pub known: Vec<u32>,
    /// With one that has none.
    pub unknown: Vec<u32>,
}

/// Tries an attack in the sandbox.
#[server(prefix = "/api/learn", endpoint = "run_attack")]
pub async fn run_attack(attack: AttackName) -> Result<AttackView, AppError> {
    let request = monban_leptos::server::request()?;
    let learning = crate::server::Learning::find()?;
    let outcome = learning.sandbox().attack(attack, &request.client.ip).await;
    request.respond(outcome)
}
