//! The sandbox: a second, complete Monban inside the process, in which a visitor may run the flows and
//! the attacks.
//!
//! These are the types that cross the wire. The sandbox itself is on the server: `server/sandbox`.

#![expect(
    missing_docs,
    reason = "the macro copies no docs to the fields of a server function's arguments"
)]

use leptos::prelude::*;
use monban_leptos::error::AppError;
use serde::{Deserialize, Serialize};

/// A flow of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowName {
    /// A new account is made and signed in at once.
    SignUp,
    /// A sign-in with a wrong password, then with the right one.
    SignIn,
    /// A native client calls the API, and another service verifies its tokens by itself.
    CallApi,
    /// An expired access token is renewed behind a call, and before a page is rendered.
    Refresh,
    /// A sign-out takes effect at once.
    SignOut,
    /// A copied refresh token is used.
    Theft,
    /// Two tabs renew at the same moment.
    RacingTabs,
    /// The signing key is rotated.
    KeyRotation,
}

impl FlowName {
    /// All flows, in the order in which to read them.
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

    /// The flow's name in addresses and in the text.
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

/// A participant of a flow: a lane of its diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Participant {
    /// The hydrated page: HTML and WASM.
    Page,
    /// The browser, which keeps the cookies.
    Browser,
    /// Another tab of the same browser.
    OtherTab,
    /// The attacker, who usually has a copy of the cookies.
    Attacker,
    /// A native client, which keeps its tokens itself.
    App,
    /// Another service, which verifies access tokens by itself.
    Service,
    /// The operator of the site.
    Operator,
    /// Monban.
    Server,
    /// The database of Monban.
    Store,
}

/// One request and its response, as they really were, except that tokens and passwords are removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeView {
    /// The participant that sent the request.
    pub from: Participant,
    /// The participant that responded.
    pub to: Participant,
    /// The seconds by which the sandbox moved its clock forward before the request.
    pub waited: u64,
    /// The request.
    pub request: MessageView,
    /// The response.
    pub response: MessageView,
    /// The session's row before the request.
    pub before: Option<RowView>,
    /// The session's row after the response.
    pub after: Option<RowView>,
}

/// A request or a response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// The request line, or the status line.
    pub line: String,
    /// The headers, their tokens shortened.
    pub headers: Vec<(String, String)>,
    /// The beginning of the body, its tokens shortened.
    pub body: String,
    /// The claims of its tokens that the page shows.
    pub tokens: Vec<TokenView>,
}

/// What a page shows of a token. It does not contain the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// The kind of token, from its header.
    pub typ: String,
    /// The id of the key that signed it.
    pub kid: String,
    /// The generation of the session that it was issued for.
    pub generation: i64,
    /// The time from its issue to its expiry, in seconds.
    pub life: i64,
}

/// The columns of a session's row that the flows change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// The current generation.
    pub generation: i64,
    /// The time of day at which that generation became current.
    pub rotated_at: String,
    /// The time of day at which that generation was first seen in use.
    pub generation_seen_at: Option<String>,
    /// The time of day at which the session ended.
    pub ended_at: Option<String>,
    /// The code of the reason why it ended.
    pub end_reason: Option<String>,
}

/// Runs a flow in the sandbox.
#[server(prefix = "/api/learn", endpoint = "run_flow")]
pub async fn run_flow(flow: FlowName) -> Result<Vec<ExchangeView>, AppError> {
    let request = monban_leptos::server::request()?;
    let learning = crate::server::Learning::find()?;
    let outcome = learning.sandbox().run_flow(flow, &request.client.ip).await;
    request.respond(outcome)
}
