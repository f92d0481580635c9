//! The server function that runs an attack, and the types that cross the wire.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::sandbox::ExchangeView;
use monban_leptos::error::AppError;

/// An attack in the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttackName {
    /// A script as the name of an account.
    ScriptInjection,
    /// A form on another site.
    CrossSite,
    /// A second cookie of the same name.
    CookieTossing,
    /// Cookies that were planted before the sign-in.
    SessionFixation,
    /// Another payload under the same signature.
    TamperedToken,
    /// A stolen refresh token, within the refresh window.
    ReplayInside,
    /// A stolen refresh token, after the refresh window.
    ReplayAfter,
    /// One guessed password after the other.
    Guessing,
    /// A sign-in that redirects to another site.
    OpenRedirect,
    /// The time of a response, which may tell who has an account.
    Timing,
}

impl AttackName {
    /// All attacks, in the order in which to read them.
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

    /// The attack's name in addresses and in the text.
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

/// The outcome of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// The exchanges, in their order.
    pub exchanges: Vec<ExchangeView>,
    /// The measured times, if the attack is on them.
    pub timing: Option<TimingView>,
}

impl RunView {
    /// The outcome of a run in which no time is measured.
    pub const fn without_timing(exchanges: Vec<ExchangeView>) -> Self {
        Self {
            exchanges,
            timing: None,
        }
    }
}

/// The times of refused sign-ins, in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimingView {
    /// The times for an address that has an account.
    pub known: Vec<u32>,
    /// The times for an address that has none.
    pub unknown: Vec<u32>,
}

/// Runs an attack in the sandbox.
#[server(prefix = "/api/learn", endpoint = "run_attack")]
pub async fn run_attack(attack: AttackName) -> Result<RunView, AppError> {
    let request = monban_leptos::server::request()?;
    let learning = crate::server::Learning::find()?;
    let outcome = learning
        .sandbox()
        .run_attack(attack, &request.client.ip)
        .await;
    request.respond(outcome)
}
