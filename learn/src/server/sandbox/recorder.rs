//! Sends the requests of a run and records the exchanges.

use std::{net::SocketAddr, time::Duration};

use crate::sandbox::{ExchangeView, MessageView, Participant, RowView};
use axum::{
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, Request, Response, header},
};
use futures::future::join;
use serde_json::json;
use uuid::Uuid;

use super::{
    SandboxError, SandboxInstance,
    client::{PreparedRequest, SandboxClient, tokens_in},
    shorten,
};
use monban_axum::messages::{KeepsCookies, is_on_every_response, text_of};

/// The address that honest participants send from (RFC 5737 §3: reserved for documentation).
const USER_ADDRESS: ([u8; 4], u16) = ([203, 0, 113, 7], 49_152);
/// The address that attackers send from. Reserved for documentation, too.
const ATTACKER_ADDRESS: ([u8; 4], u16) = ([198, 51, 100, 66], 49_152);
/// The size limit of a response body. No answer of this server is larger.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// A good password, for no real account.
pub const PASSWORD: &str = "kettle orbit plum sandal";

/// Records one run of a scenario: its exchanges, in order.
#[derive(Debug)]
pub struct Recorder<'a> {
    /// The instance that the run is against.
    pub instance: &'a SandboxInstance,
    /// The email address of the run's account.
    pub email: String,
    exchanges: Vec<ExchangeView>,
    waited: Duration,
    /// The text around which bodies are excerpted, where their beginning is not worth showing.
    excerpt_text: Option<&'static str>,
}

impl<'a> Recorder<'a> {
    /// A recorder without exchanges, for an email address that no account has yet.
    pub fn new(instance: &'a SandboxInstance) -> Self {
        Self {
            instance,
            email: format!(
                "ann-{}@example.com",
                &Uuid::new_v4().simple().to_string()[..8]
            ),
            exchanges: Vec::new(),
            waited: Duration::ZERO,
            excerpt_text: None,
        }
    }

    /// The recorded exchanges.
    pub fn into_exchanges(self) -> Vec<ExchangeView> {
        self.exchanges
    }

    /// From now on, shows of each body the places where the text occurs, and of each response its
    /// content security policy.
    pub const fn excerpt_around(&mut self, text: &'static str) {
        self.excerpt_text = Some(text);
    }

    /// Moves the instance's clock forward. The next exchange says by how much.
    pub fn wait(&mut self, time: Duration) {
        self.instance.advance_clock(time);
        self.waited += time;
    }

    /// A browser that has just signed up. Its sign-up is not recorded.
    pub async fn signed_up_browser(&self) -> Result<SandboxClient, SandboxError> {
        let mut browser = SandboxClient::new(Participant::Browser);
        let request = browser.call("sign_up", &self.sign_up_form())?;
        self.send(&mut browser, request).await?;
        Ok(browser)
    }

    /// A native client that has signed in to the same account. Its sign-in is not recorded.
    pub async fn signed_in_app(&self) -> Result<SandboxClient, SandboxError> {
        let mut app = SandboxClient::new(Participant::App);
        let credentials =
            json!({ "email": self.email, "password": PASSWORD, "device_name": "Phone" });
        let request = app.post_json("/sessions", &credentials)?;
        self.send(&mut app, request).await?;
        Ok(app)
    }

    /// An attacker who has an account of their own. Its sign-up is not recorded.
    pub async fn signed_up_attacker(&self) -> Result<SandboxClient, SandboxError> {
        let mut attacker = SandboxClient::new(Participant::Attacker);
        let form = [
            ("name", "Mallory"),
            ("email", &self.email.replacen("ann", "mallory", 1)),
            ("password", PASSWORD),
        ];
        let request = attacker.call("sign_up", &form)?;
        self.send(&mut attacker, request).await?;
        Ok(attacker)
    }

    /// The fields of the sign-up form.
    pub fn sign_up_form(&self) -> [(&'static str, &str); 3] {
        [
            ("name", "Ann"),
            ("email", &self.email),
            ("password", PASSWORD),
        ]
    }

    /// Sends the request and records the exchange.
    pub async fn record(
        &mut self,
        client: &mut SandboxClient,
        request: PreparedRequest,
    ) -> Result<(), SandboxError> {
        let request = request?;
        let before = self.row_of(client).await?;
        let (request, response) = self.send(client, request).await?;
        let after = self.row_of(client).await?;
        self.add_exchange(client.participant, request, response, (before, after));
        Ok(())
    }

    /// Sends two requests at the same moment and records both exchanges.
    pub async fn record_race(
        &mut self,
        (one, one_request): (&mut SandboxClient, PreparedRequest),
        (other, other_request): (&mut SandboxClient, PreparedRequest),
    ) -> Result<(), SandboxError> {
        let (one_request, other_request) = (one_request?, other_request?);
        let before = self.row_of(one).await?;
        let (first, second) =
            join(self.send(one, one_request), self.send(other, other_request)).await;
        let after = self.row_of(one).await?;
        for (participant, sent) in [(one.participant, first), (other.participant, second)] {
            let (request, response) = sent?;
            self.add_exchange(
                participant,
                request,
                response,
                (before.clone(), after.clone()),
            );
        }
        Ok(())
    }

    /// Records a command that an operator ran, and its output.
    pub fn record_command(&mut self, command: &str, output: &str) {
        let message = |line: &str| MessageView {
            line: line.to_owned(),
            ..MessageView::default()
        };
        let (command, output) = (message(command), message(output));
        self.add_exchange(Participant::Operator, command, output, (None, None));
    }

    fn add_exchange(
        &mut self,
        from: Participant,
        request: MessageView,
        response: MessageView,
        (before, after): (Option<RowView>, Option<RowView>),
    ) {
        self.exchanges.push(ExchangeView {
            from,
            to: Participant::Server,
            waited: std::mem::take(&mut self.waited).as_secs(),
            request,
            response,
            before,
            after,
        });
    }

    async fn row_of(&self, client: &SandboxClient) -> Result<Option<RowView>, SandboxError> {
        match client.session() {
            Some(session) => self.instance.session_row(session).await,
            None => Ok(None),
        }
    }

    async fn send(
        &self,
        client: &mut SandboxClient,
        request: Request<String>,
    ) -> Result<(MessageView, MessageView), SandboxError> {
        let line = format!("{} {} HTTP/1.1", request.method(), request.uri());
        let request_view = message(line, request.headers(), request.body(), None);
        let request = with_peer_of(client.participant, request);
        let (head, body) = Response::into_parts(self.instance.respond(request).await);
        let body = to_bytes(body, MAX_BODY).await?;
        let body = String::from_utf8_lossy(&body);
        client.store_response(&head.headers, &body);
        let line = format!("HTTP/1.1 {}", head.status);
        Ok((
            request_view,
            message(line, &head.headers, &body, self.excerpt_text),
        ))
    }
}

/// The request as it arrives: with the peer address of that participant.
pub(super) fn with_peer_of(participant: Participant, request: Request<String>) -> Request<Body> {
    let mut request = request.map(Body::from);
    let peer = ConnectInfo(SocketAddr::from(match participant {
        Participant::Attacker => ATTACKER_ADDRESS,
        _ => USER_ADDRESS,
    }));
    request.extensions_mut().insert(peer);
    // The flows leave out how a browser shows that it keeps cookies.
    request.extensions_mut().insert(KeepsCookies);
    request
}

/// What a reader needs of a message. The headers that every response carries alike would bury it.
fn message(
    line: String,
    headers: &HeaderMap,
    body: &str,
    excerpt_text: Option<&str>,
) -> MessageView {
    let is_shown = |name: &HeaderName| {
        !is_on_every_response(name)
            || (excerpt_text.is_some() && name == header::CONTENT_SECURITY_POLICY)
    };
    let lines = || {
        headers
            .iter()
            .map(|(name, value)| (name, text_of(value).unwrap_or_default()))
    };
    let mut tokens: Vec<_> = lines().flat_map(|(_, value)| tokens_in(value)).collect();
    tokens.extend(tokens_in(body));
    MessageView {
        line,
        headers: lines()
            .filter(|(name, _)| is_shown(name))
            .map(|(name, value)| (name.to_string(), shorten::header(value)))
            .collect(),
        body: match excerpt_text {
            Some(text) if body.contains(text) => shorten::excerpts(body, text),
            _ => shorten::body(body),
        },
        tokens,
    }
}
