//! The sandbox: a second, complete Monban inside the process, on which a visitor may run the flows
//! and try the attacks.
//!
//! What is here crosses the wire. The sandbox itself is the server's: `server/sandbox`.

#![expect(
    missing_docs,
    reason = "the macro copies no docs to the fields of a server function's arguments"
)]

use leptos::prelude::*;
use monban_leptos::error::AppError;
use serde::{Deserialize, Serialize};

/// A flow that can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowName {
    /// A new account, signed in at once.
    SignUp,
    /// A wrong password, then the right one.
    SignIn,
    /// A native client, and another service that verifies by itself.
    CallApi,
    /// A stale access token, renewed behind a call and ahead of a page.
    Refresh,
    /// Out, here and at once.
    SignOut,
    /// A copied refresh token is used.
    Theft,
    /// Two tabs renew at the same moment.
    RacingTabs,
    /// A new signing key.
    KeyRotation,
}

impl FlowName {
    /// All of them, in the order in which to read them.
    pub const ALL: [Self; 8] = [
        Self::SignUp,
        Self::SignIn,
        Self::CallApi,
        Self::Refresh,
        Self::SignOut,
        Self::Theft,
        Self::RacingTabs,
        Self::KeyRotation,
    ];

    /// Its name in addresses and in the text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::SignIn => "sign_in",
            Self::CallApi => "call_api",
            Self::Refresh => "refresh",
            Self::SignOut => "sign_out",
            Self::Theft => "theft",
            Self::RacingTabs => "racing_tabs",
            Self::KeyRotation => "key_rotation",
        }
    }
}

/// Who takes part in a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The living page: HTML and WASM.
    Page,
    /// The browser, which keeps the cookies.
    Browser,
    /// Another tab of the same browser.
    OtherTab,
    /// Somebody with a copy of the cookies.
    Thief,
    /// A native client, which keeps its tokens itself.
    App,
    /// Another service, which verifies access tokens by itself.
    Service,
    /// Whoever runs the site.
    Operator,
    /// Monban.
    Server,
    /// Its database.
    Store,
}

/// One request and its answer, as they really were but for what would open something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeView {
    /// Who asked.
    pub from: Party,
    /// Who answered.
    pub to: Party,
    /// How long the sandbox let pass before, in seconds, by moving its own clock.
    pub waited: u64,
    /// What was asked.
    pub request: MessageView,
    /// What came back.
    pub response: MessageView,
    /// The session's row before.
    pub before: Option<RowView>,
    /// The session's row after.
    pub after: Option<RowView>,
}

/// A request or a response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// The request line, or the status line.
    pub line: String,
    /// The headers, tokens shortened.
    pub headers: Vec<(String, String)>,
    /// The beginning of the body, tokens shortened.
    pub body: String,
    /// What the tokens in it say.
    pub tokens: Vec<TokenView>,
}

/// What a token says about itself. The token is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// What kind it is.
    pub typ: String,
    /// Which key signed it.
    pub kid: String,
    /// The session's generation that it was made for.
    pub generation: i64,
    /// How long it lives in all, in seconds.
    pub life: i64,
}

/// A session's row, as far as the flows change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// Which generation is current.
    pub generation: i64,
    /// Since when.
    pub rotated_at: String,
    /// When it was first seen in use.
    pub generation_seen_at: Option<String>,
    /// When the session was ended.
    pub ended_at: Option<String>,
    /// Why.
    pub end_reason: Option<String>,
}

/// Runs a flow in the sandbox.
#[server(prefix = "/api/learn", endpoint = "run_flow")]
pub async fn run_flow(flow: FlowName) -> Result<Vec<ExchangeView>, AppError> {
    let request = monban_leptos::server::request()?;
    let learning = crate::server::Learning::find()?;
    let outcome = learning.sandbox().run(flow, &request.client.ip).await;
    request.respond(outcome)
}
