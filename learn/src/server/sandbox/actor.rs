//! Somebody who takes part in a flow: keeps cookies or tokens, and asks as its kind does.

use std::collections::BTreeMap;

use crate::sandbox::{Party, TokenView};
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

use super::{SandboxError, world::ORIGIN};
use monban_axum::{messages::text_of, rest};

/// The cookies' names in the sandbox: the usual ones, whatever they are called outside.
pub const ACCESS: &str = "__Host-monban_access";
/// See [`ACCESS`].
pub const REFRESH: &str = "__Host-monban_refresh";

const HTML: &str = "text/html,application/xhtml+xml";
pub(super) const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// What is about to be sent: the body is text.
pub type Asked = Result<Request<String>, SandboxError>;

/// Somebody who takes part.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who, in the diagram.
    pub party: Party,
    cookies: BTreeMap<String, String>,
    /// A native client's access and refresh token.
    bearer: Option<(String, String)>,
    /// The session last held, also when it is over.
    session: Option<SessionId>,
}

impl Actor {
    /// Somebody who was never here.
    pub const fn new(party: Party) -> Self {
        Self {
            party,
            cookies: BTreeMap::new(),
            bearer: None,
            session: None,
        }
    }

    /// Another one with the same cookies: another tab, or a thief.
    #[must_use]
    pub fn copy(&self, party: Party) -> Self {
        Self {
            party,
            ..self.clone()
        }
    }

    /// The session last held.
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// Puts a cookie into its jar that no answer brought.
    pub fn hold(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// The value of that cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Its access token as a native client.
    pub fn bearer(&self) -> Option<&str> {
        self.bearer.as_ref().map(|(access, _)| access.as_str())
    }

    /// Opens a page.
    pub fn navigate(&self, path: &str) -> Asked {
        let request = self.request(Method::GET, path);
        let request = request
            .header(header::ACCEPT, HTML)
            .header(FETCH_SITE, "none")
            .header(FETCH_MODE, "navigate");
        Ok(request.body(String::new())?)
    }

    /// Calls a server function that changes something, as the living page does.
    pub fn call(&self, function: &str, form: &[(&str, &str)]) -> Asked {
        let body = Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.request(Method::POST, &format!("/api/{function}"));
        let request = as_call(request)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        Ok(request.body(body)?)
    }

    /// Posts a form without script.
    pub fn submit(&self, function: &str, form: &[(&str, &str)]) -> Asked {
        let mut request = self.call(function, form)?;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static(HTML));
        headers.insert(FETCH_MODE, HeaderValue::from_static("navigate"));
        Ok(request)
    }

    /// Calls a server function that only reads.
    pub fn ask(&self, function: &str) -> Asked {
        let request = as_call(self.request(Method::GET, &format!("/api/{function}")));
        Ok(request.body(String::new())?)
    }

    /// Reads something that is for everybody.
    pub fn read(&self, path: &str) -> Asked {
        let request = self
            .request(Method::GET, path)
            .header(header::ACCEPT, "*/*");
        Ok(request.body(String::new())?)
    }

    /// Posts JSON to the REST API.
    pub fn post_json(&self, path: &str, body: &Value) -> Asked {
        let request = self
            .request(Method::POST, &format!("{}{path}", rest::ROOT))
            .header(header::CONTENT_TYPE, "application/json");
        Ok(request.body(body.to_string())?)
    }

    /// Asks the REST API, with that token (RFC 6750 §2.1).
    pub fn get_as(&self, path: &str, token: &str) -> Asked {
        let request = self
            .request(Method::GET, &format!("{}{path}", rest::ROOT))
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        Ok(request.body(String::new())?)
    }

    /// Keeps what an answer brings.
    pub fn keep(&mut self, headers: &HeaderMap, body: &str) {
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
        if self.party == Party::App {
            self.keep_tokens(body);
        }
        let refresh = self.cookie(REFRESH);
        let refresh = refresh.or(self.bearer.as_ref().map(|(_, refresh)| refresh.as_str()));
        let claims = refresh.and_then(|token| part_of(token, 1));
        let session = claims.and_then(|claims| claims["sid"].as_str()?.parse().ok());
        self.session = session.or(self.session);
    }

    fn keep_tokens(&mut self, body: &str) {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        if let (Some(access), Some(refresh)) = (
            body["access_token"].as_str(),
            body["refresh_token"].as_str(),
        ) {
            self.bearer = Some((access.to_owned(), refresh.to_owned()));
        }
    }

    /// A request with what every request of this actor carries.
    fn request(&self, method: Method, path: &str) -> Builder {
        let host = ORIGIN.trim_start_matches("https://");
        let agent = match self.party {
            Party::App => "Notes/1.0 (Ann's phone)",
            Party::Service => "Billing/1.0",
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

fn as_call(request: Builder) -> Builder {
    request
        .header(header::ACCEPT, "application/json")
        .header(FETCH_SITE, "same-origin")
        .header(FETCH_MODE, "cors")
}

/// What the tokens in a text say. Whatever looks like one and is none says nothing.
pub(super) fn tokens_in(text: &str) -> Vec<TokenView> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .filter_map(|word| {
            let (header, claims) = (part_of(word, 0)?, part_of(word, 1)?);
            Some(TokenView {
                typ: header["typ"].as_str()?.to_owned(),
                kid: header["kid"].as_str()?.to_owned(),
                generation: claims["gen"].as_i64()?,
                life: claims["exp"].as_i64()? - claims["iat"].as_i64()?,
            })
        })
        .collect()
}

/// The header or the claims of a token, unverified: it is one's own.
pub(super) fn part_of(token: &str, place: usize) -> Option<Value> {
    let json = URL_SAFE_NO_PAD.decode(token.split('.').nth(place)?).ok()?;
    serde_json::from_slice(&json).ok()
}
