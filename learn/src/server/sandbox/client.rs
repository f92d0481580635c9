//! A client of the sandbox: it keeps cookies or tokens and builds requests as a browser or an app does.

use std::collections::BTreeMap;

use crate::sandbox::{Participant, TokenView};
use axum::http::{
    HeaderMap, HeaderValue, Method, Request,
    header::{self, HeaderName},
    request::Builder,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::Cookie;
use monban_auth::SessionId;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::{SandboxError, instance::ORIGIN};
use monban_axum::{messages::text_of, rest};

/// The name of the access cookie in the sandbox: the default one, whatever the server's settings say.
pub const ACCESS: &str = "__Host-monban_access";
/// The name of the refresh cookie in the sandbox. See [`ACCESS`].
pub const REFRESH: &str = "__Host-monban_refresh";

const HTML: &str = "text/html,application/xhtml+xml";
pub(super) const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// A request that is ready to be sent, with a text as its body.
pub type PreparedRequest = Result<Request<String>, SandboxError>;

/// A client that takes part in a run: a browser, a native app, an attacker.
#[derive(Clone, Debug)]
pub struct SandboxClient {
    /// The participant of the diagram that this client is.
    pub participant: Participant,
    cookies: BTreeMap<String, String>,
    /// The access token and the refresh token of a native client.
    tokens: Option<(String, String)>,
    /// The session that its tokens last belonged to, even if it has ended.
    session: Option<SessionId>,
}

impl SandboxClient {
    /// A client without cookies and tokens.
    pub const fn new(participant: Participant) -> Self {
        Self {
            participant,
            cookies: BTreeMap::new(),
            tokens: None,
            session: None,
        }
    }

    /// Another client with the same cookies and tokens: another tab, or an attacker.
    #[must_use]
    pub fn copy_as(&self, participant: Participant) -> Self {
        Self {
            participant,
            ..self.clone()
        }
    }

    /// The session that its tokens last belonged to, even if it has ended.
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// Adds a cookie that no response has set.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// The value of that cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// The access token of a native client.
    pub fn access_token(&self) -> Option<&str> {
        self.tokens.as_ref().map(|(access, _)| access.as_str())
    }

    /// Navigates to a page.
    pub fn navigate(&self, path: &str) -> PreparedRequest {
        let request = self.request(Method::GET, path);
        let request = request
            .header(header::ACCEPT, HTML)
            .header(FETCH_SITE, "none")
            .header(FETCH_MODE, "navigate");
        Ok(request.body(String::new())?)
    }

    /// Calls a server function that changes something, as the hydrated page does.
    pub fn call(&self, function: &str, form: &[(&str, &str)]) -> PreparedRequest {
        let body = Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.request(Method::POST, &format!("/api/{function}"));
        let request = with_fetch_headers(request)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        Ok(request.body(body)?)
    }

    /// Posts a form without script.
    pub fn submit(&self, function: &str, form: &[(&str, &str)]) -> PreparedRequest {
        let mut request = self.call(function, form)?;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static(HTML));
        headers.insert(FETCH_MODE, HeaderValue::from_static("navigate"));
        Ok(request)
    }

    /// Calls a server function that only reads.
    pub fn ask(&self, function: &str) -> PreparedRequest {
        let request = with_fetch_headers(self.request(Method::GET, &format!("/api/{function}")));
        Ok(request.body(String::new())?)
    }

    /// Reads a public resource.
    pub fn get(&self, path: &str) -> PreparedRequest {
        let request = self
            .request(Method::GET, path)
            .header(header::ACCEPT, "*/*");
        Ok(request.body(String::new())?)
    }

    /// Posts JSON to the REST API.
    pub fn post_json(&self, path: &str, body: &Value) -> PreparedRequest {
        let request = self
            .request(Method::POST, &format!("{}{path}", rest::ROOT))
            .header(header::CONTENT_TYPE, "application/json");
        Ok(request.body(body.to_string())?)
    }

    /// Reads from the REST API with that access token (RFC 6750 §2.1).
    pub fn get_with_token(&self, path: &str, token: &str) -> PreparedRequest {
        let request = self
            .request(Method::GET, &format!("{}{path}", rest::ROOT))
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        Ok(request.body(String::new())?)
    }

    /// Stores the cookies of a response, and for a native client the tokens of its body.
    pub fn store_response(&mut self, headers: &HeaderMap, body: &str) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let Some(Ok(cookie)) = text_of(cookie).map(Cookie::parse) else {
                continue;
            };
            let (name, value) = cookie.name_value();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if self.participant == Participant::App {
            self.store_tokens(body);
        }
        let refresh = self.cookie(REFRESH);
        let refresh = refresh.or(self.tokens.as_ref().map(|(_, refresh)| refresh.as_str()));
        let claims = refresh.and_then(|token| decode_segment(token, 1));
        let session = claims.and_then(|claims| claims["sid"].as_str()?.parse().ok());
        self.session = session.or(self.session);
    }

    fn store_tokens(&mut self, body: &str) {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        if let (Some(access), Some(refresh)) = (
            body["access_token"].as_str(),
            body["refresh_token"].as_str(),
        ) {
            self.tokens = Some((access.to_owned(), refresh.to_owned()));
        }
    }

    /// A request with the headers that every request of this client carries.
    fn request(&self, method: Method, path: &str) -> Builder {
        let host = ORIGIN.trim_start_matches("https://");
        let agent = match self.participant {
            Participant::App => "Notes/1.0 (Ann's phone)",
            Participant::Service => "Billing/1.0",
            _ => "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, host)
            .header(header::USER_AGENT, agent);
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if cookies.is_empty() {
            request
        } else {
            request.header(header::COOKIE, cookies.join("; "))
        }
    }
}

fn with_fetch_headers(request: Builder) -> Builder {
    request
        .header(header::ACCEPT, "application/json")
        .header(FETCH_SITE, "same-origin")
        .header(FETCH_MODE, "cors")
}

/// What the tokens in a text say. A word that looks like a token and is none is left out.
pub(super) fn tokens_in(text: &str) -> Vec<TokenView> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .filter_map(|word| {
            let (header, claims) = (decode_segment(word, 0)?, decode_segment(word, 1)?);
            Some(TokenView {
                typ: header["typ"].as_str()?.to_owned(),
                kid: header["kid"].as_str()?.to_owned(),
                generation: claims["gen"].as_i64()?,
                life: claims["exp"].as_i64()? - claims["iat"].as_i64()?,
            })
        })
        .collect()
}

/// The header (segment 0) or the claims (segment 1) of a token. Not verified: the sandbox issued it.
pub(super) fn decode_segment(token: &str, index: usize) -> Option<Value> {
    let json = URL_SAFE_NO_PAD.decode(token.split('.').nth(index)?).ok()?;
    serde_json::from_slice(&json).ok()
}
