//! A browser, as far as a server can tell: it keeps cookies, says where a request comes from, and
//! follows redirects only when it is told to.

mod answer;
mod jar;

use std::net::SocketAddr;

use axum::http::{Method, StatusCode, header};
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

pub use self::{answer::Answer, jar::Jar};
use crate::{app::TestApp, forge::claims_of};

pub const ACCESS: &str = "__Host-monban_access";
pub const REFRESH: &str = "__Host-monban_refresh";
pub const PROBE: &str = "__Host-monban_probe";
pub const DEVICE: &str = "__Host-monban_device";
pub const FLASH: &str = "__Host-monban_flash";

const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const URLENCODED: &str = "application/x-www-form-urlencoded";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// What a form holds.
pub type Form<'a> = &'a [(&'a str, &'a str)];

#[derive(Clone)]
pub struct Browser {
    pub cookies: Jar,
    http: Client,
    address: SocketAddr,
    origin: String,
}

impl Browser {
    pub fn new(address: SocketAddr, origin: String) -> Self {
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self {
            cookies: Jar::default(),
            http,
            address,
            origin,
        }
    }

    /// Another browser, which was never here.
    pub fn another(&self) -> Self {
        Self {
            cookies: Jar::default(),
            ..self.clone()
        }
    }

    /// Opens a page, as from a bookmark.
    pub async fn navigate(&mut self, path: &str) -> Answer {
        self.send(self.navigation(path)).await
    }

    /// What [`navigate`](Self::navigate) sends.
    pub fn navigation(&self, path: &str) -> RequestBuilder {
        let request = self.request(Method::GET, path);
        as_navigation(request.header("sec-fetch-site", "none"))
    }

    /// Posts a form of a page without any script.
    pub async fn submit(&mut self, function: &str, form: Form<'_>) -> Answer {
        self.send(self.submission(function, form)).await
    }

    /// What [`submit`](Self::submit) sends.
    pub fn submission(&self, function: &str, form: Form<'_>) -> RequestBuilder {
        as_navigation(self.sent_from_here(self.post(function, form)))
    }

    /// Calls a server function that changes something, as the living page does.
    pub async fn call(&mut self, function: &str, form: Form<'_>) -> Answer {
        self.send(self.order(function, form)).await
    }

    /// What [`call`](Self::call) sends.
    pub fn order(&self, function: &str, form: Form<'_>) -> RequestBuilder {
        as_call(self.sent_from_here(self.post(function, form)))
    }

    /// Calls a server function that only reads, as the living page does.
    pub async fn ask(&mut self, function: &str) -> Answer {
        self.send(self.question(function)).await
    }

    /// What [`ask`](Self::ask) sends.
    pub fn question(&self, function: &str) -> RequestBuilder {
        let request = self.request(Method::GET, &format!("/api/{function}"));
        as_call(request.header("sec-fetch-site", "same-origin"))
    }

    /// Goes where an answer leads.
    pub async fn follow(&mut self, answer: &Answer) -> Answer {
        self.navigate(answer.location()).await
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.call(
            "sign_in",
            &[("email", email), ("password", password), ("keep", "true")],
        )
        .await
    }

    /// A post that does not say where it comes from.
    pub fn post(&self, function: &str, form: Form<'_>) -> RequestBuilder {
        let body = Serializer::new(String::new()).extend_pairs(form).finish();
        self.request(Method::POST, &format!("/api/{function}"))
            .header(header::CONTENT_TYPE, URLENCODED)
            .body(body)
    }

    /// A request without any header but the browser's name.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        self.http
            .request(method, url)
            .header(header::USER_AGENT, FIREFOX)
    }

    /// Sends a request with the cookies, and keeps those that come back.
    pub async fn send(&mut self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.unwrap()
    }

    /// The same, where the connection may break. Cookies are kept as soon as the headers are there;
    /// the one exception is a learning page's, where people may ask for their access token's end.
    pub async fn try_send(&mut self, request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let again = request.try_clone();
        let response = self.send_with_cookies(request).await?;
        // Asked for once more, as it was: whether this browser keeps cookies.
        let response = match again {
            Some(again) if response.status() == StatusCode::TEMPORARY_REDIRECT => {
                self.cookies.keep(&Answer::head(&response));
                let query = response.headers()[header::LOCATION].as_bytes();
                let query = str::from_utf8(query).unwrap();
                let (_, query) = query.split_once('?').unwrap();
                self.send_with_cookies(with_query(again, query)).await?
            }
            _ => response,
        };
        let mut answer = Answer::head(&response);
        if response.url().path() == "/api/learn/expire_access" && answer.removes(ACCESS) {
            self.cookies.remove(ACCESS);
        } else {
            self.cookies.keep(&answer);
        }
        answer.body = response.text().await?;
        Ok(answer)
    }

    /// Sends a request that a test has changed by hand, with the cookies. None that come back are kept.
    pub async fn send_built(&mut self, mut request: reqwest::Request) -> Answer {
        if let Some(cookies) = self.cookies.header() {
            let cookies = cookies.parse().unwrap();
            request.headers_mut().insert(header::COOKIE, cookies);
        }
        let response = self.http.execute(request).await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    async fn send_with_cookies(&self, request: RequestBuilder) -> Result<Response, reqwest::Error> {
        let request = match self.cookies.header() {
            Some(cookies) => request.header(header::COOKIE, cookies),
            None => request,
        };
        request.send().await
    }

    /// What the access token says.
    pub fn access(&self) -> Value {
        claims_of(self.cookies.get(ACCESS).unwrap())
    }

    /// What the refresh token says.
    pub fn refresh(&self) -> Value {
        claims_of(self.cookies.get(REFRESH).unwrap())
    }

    /// The generation that the browser holds.
    pub fn generation(&self) -> i64 {
        self.refresh()["gen"].as_i64().unwrap()
    }

    /// Lets the access token's time pass.
    pub async fn grow_stale(&mut self, app: &TestApp) {
        let mut claims = self.access();
        claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 1);
        self.cookies
            .set(ACCESS, app.forge().await.access(&claims).expose());
    }

    fn sent_from_here(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header("sec-fetch-site", "same-origin")
            .header(header::ORIGIN, &self.origin)
    }
}

/// The same request with another query.
pub fn with_query(request: RequestBuilder, query: &str) -> RequestBuilder {
    let (client, request) = request.build_split();
    let mut request = request.unwrap();
    request.url_mut().set_query(Some(query));
    RequestBuilder::from_parts(client, request)
}

/// Says that the answer will be shown as a document.
pub fn as_navigation(request: RequestBuilder) -> RequestBuilder {
    request
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
        .header(header::ACCEPT, HTML)
}

/// Says that a script awaits the answer.
pub fn as_call(request: RequestBuilder) -> RequestBuilder {
    request
        .header("sec-fetch-mode", "cors")
        .header("sec-fetch-dest", "empty")
        .header(header::ACCEPT, "application/json")
}
