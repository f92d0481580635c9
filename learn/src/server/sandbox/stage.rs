//! Writes down what was said.

use std::{net::SocketAddr, time::Duration};

use crate::sandbox::{ExchangeView, MessageView, Party, RowView};
use axum::{
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, Request, Response, header},
};
use futures::future::join;
use serde_json::json;
use uuid::Uuid;

use super::{
    SandboxError, World,
    actor::{Actor, Asked, tokens_in},
    shorten,
};
use monban_axum::messages::{KeepsCookies, is_on_every_response, text_of};

/// Where everybody comes from (RFC 5737 §3: nobody has this address).
const HERE: ([u8; 4], u16) = ([203, 0, 113, 7], 49_152);
/// Where thieves come from. Of nobody, too.
const ELSEWHERE: ([u8; 4], u16) = ([198, 51, 100, 66], 49_152);
/// No answer of this server is larger.
const MOST: usize = 4 * 1024 * 1024;

/// A good password, for no real account.
pub const PASSWORD: &str = "kettle orbit plum sandal";

/// A run of a flow: who said what to whom.
#[derive(Debug)]
pub struct Stage<'a> {
    /// Where it plays.
    pub world: &'a World,
    /// The address of its account.
    pub email: String,
    exchanges: Vec<ExchangeView>,
    waited: Duration,
    /// What of a body is worth showing, where its beginning is not.
    looked_for: Option<&'static str>,
}

impl<'a> Stage<'a> {
    /// An empty one, for an account that nobody has.
    pub fn new(world: &'a World) -> Self {
        Self {
            world,
            email: format!(
                "ann-{}@example.com",
                &Uuid::new_v4().simple().to_string()[..8]
            ),
            exchanges: Vec::new(),
            waited: Duration::ZERO,
            looked_for: None,
        }
    }

    /// What was said.
    pub fn exchanges(self) -> Vec<ExchangeView> {
        self.exchanges
    }

    /// Shows of each body from now on the places where that stands, and of each response the policy
    /// for scripts.
    pub const fn look_for(&mut self, text: &'static str) {
        self.looked_for = Some(text);
    }

    /// Lets time pass, on the sandbox's clock.
    pub fn wait(&mut self, time: Duration) {
        self.world.wait(time);
        self.waited += time;
    }

    /// A browser with a new account, made before the curtain rises.
    pub async fn member(&self) -> Result<Actor, SandboxError> {
        let mut browser = Actor::new(Party::Browser);
        let asked = browser.call("sign_up", &self.form())?;
        self.send(&mut browser, asked).await?;
        Ok(browser)
    }

    /// A native client of that account, signed in already.
    pub async fn native_client(&self) -> Result<Actor, SandboxError> {
        let mut app = Actor::new(Party::App);
        let who = json!({ "email": self.email, "password": PASSWORD, "device_name": "Phone" });
        let asked = app.post_json("/sessions", &who)?;
        self.send(&mut app, asked).await?;
        Ok(app)
    }

    /// A thief with an account of their own, made before the curtain rises, too.
    pub async fn mallory(&self) -> Result<Actor, SandboxError> {
        let mut thief = Actor::new(Party::Thief);
        let form = [
            ("name", "Mallory"),
            ("email", &self.email.replacen("ann", "mallory", 1)),
            ("password", PASSWORD),
        ];
        let asked = thief.call("sign_up", &form)?;
        self.send(&mut thief, asked).await?;
        Ok(thief)
    }

    /// What one fills in to sign up.
    pub fn form(&self) -> [(&'static str, &str); 3] {
        [
            ("name", "Ann"),
            ("email", &self.email),
            ("password", PASSWORD),
        ]
    }

    /// Asks, and writes down what came of it.
    pub async fn show(&mut self, actor: &mut Actor, asked: Asked) -> Result<(), SandboxError> {
        let asked = asked?;
        let before = self.row_of(actor).await?;
        let (request, response) = self.send(actor, asked).await?;
        let after = self.row_of(actor).await?;
        self.write_down(actor.party, request, response, (before, after));
        Ok(())
    }

    /// Two ask at the same moment.
    pub async fn show_race(
        &mut self,
        (one, one_asked): (&mut Actor, Asked),
        (other, other_asked): (&mut Actor, Asked),
    ) -> Result<(), SandboxError> {
        let (one_asked, other_asked) = (one_asked?, other_asked?);
        let before = self.row_of(one).await?;
        let (first, second) = join(self.send(one, one_asked), self.send(other, other_asked)).await;
        let after = self.row_of(one).await?;
        for (party, said) in [(one.party, first), (other.party, second)] {
            let (request, response) = said?;
            self.write_down(party, request, response, (before.clone(), after.clone()));
        }
        Ok(())
    }

    /// Writes down what an operator did at the command line.
    pub fn show_command(&mut self, command: &str, printed: &str) {
        let said = |line: &str| MessageView {
            line: line.to_owned(),
            ..MessageView::default()
        };
        let (command, printed) = (said(command), said(printed));
        self.write_down(Party::Operator, command, printed, (None, None));
    }

    fn write_down(
        &mut self,
        from: Party,
        request: MessageView,
        response: MessageView,
        (before, after): (Option<RowView>, Option<RowView>),
    ) {
        self.exchanges.push(ExchangeView {
            from,
            to: Party::Server,
            waited: std::mem::take(&mut self.waited).as_secs(),
            request,
            response,
            before,
            after,
        });
    }

    async fn row_of(&self, actor: &Actor) -> Result<Option<RowView>, SandboxError> {
        match actor.session() {
            Some(session) => self.world.row(session).await,
            None => Ok(None),
        }
    }

    async fn send(
        &self,
        actor: &mut Actor,
        asked: Request<String>,
    ) -> Result<(MessageView, MessageView), SandboxError> {
        let line = format!("{} {} HTTP/1.1", asked.method(), asked.uri());
        let request = message(line, asked.headers(), asked.body(), None);
        let asked = sent_by(actor.party, asked);
        let (head, body) = Response::into_parts(self.world.answer(asked).await);
        let body = to_bytes(body, MOST).await?;
        let body = String::from_utf8_lossy(&body);
        actor.keep(&head.headers, &body);
        let line = format!("HTTP/1.1 {}", head.status);
        Ok((
            request,
            message(line, &head.headers, &body, self.looked_for),
        ))
    }
}

/// The request as it arrives: from where that party is.
pub(super) fn sent_by(party: Party, asked: Request<String>) -> Request<Body> {
    let mut asked = asked.map(Body::from);
    let peer = ConnectInfo(SocketAddr::from(match party {
        Party::Thief => ELSEWHERE,
        _ => HERE,
    }));
    asked.extensions_mut().insert(peer);
    // The flows leave out how a browser shows that it keeps cookies.
    asked.extensions_mut().insert(KeepsCookies);
    asked
}

/// What a reader needs of a message. The headers that every response carries alike would bury it.
fn message(line: String, headers: &HeaderMap, body: &str, looked_for: Option<&str>) -> MessageView {
    let is_shown = |name: &HeaderName| {
        !is_on_every_response(name)
            || (looked_for.is_some() && name == header::CONTENT_SECURITY_POLICY)
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
        body: match looked_for {
            Some(text) if body.contains(text) => shorten::around(body, text),
            _ => shorten::body(body),
        },
        tokens,
    }
}
