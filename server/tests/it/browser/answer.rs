//! What came back to a browser.

use axum::http::{HeaderMap, header};
use reqwest::Response;
use serde_json::Value;

use super::{ACCESS, REFRESH};

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub(super) fn head(response: &Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: String::new(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| str::from_utf8(value.as_bytes()).unwrap())
    }

    pub fn location(&self) -> &str {
        assert_eq!(
            self.headers.get_all(header::LOCATION).iter().count(),
            1,
            "{self:?}"
        );
        self.header("location")
    }

    /// The code of a refusal.
    pub fn code(&self) -> &str {
        self.header("monban-code")
    }

    pub fn set_cookies(&self) -> Vec<&str> {
        let all = self.headers.get_all(header::SET_COOKIE).iter();
        all.map(|value| str::from_utf8(value.as_bytes()).unwrap())
            .collect()
    }

    /// The names of the cookies that it sets or removes.
    pub fn cookie_names(&self) -> Vec<&str> {
        self.set_cookies()
            .iter()
            .map(|cookie| cookie.split('=').next().unwrap())
            .collect()
    }

    /// Whether it sets a new pair of tokens.
    pub fn renews(&self) -> bool {
        [ACCESS, REFRESH].iter().all(|name| {
            self.set_cookies()
                .iter()
                .any(|cookie| cookie.starts_with(&format!("{name}=ey")))
        })
    }

    pub fn removes(&self, name: &str) -> bool {
        let removal = format!("{name}=;");
        self.set_cookies()
            .iter()
            .any(|cookie| cookie.starts_with(&removal) && cookie.contains("Max-Age=0"))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn shows(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// Whether the page is that of somebody who is signed in.
    pub fn is_members(&self) -> bool {
        self.shows("action=\"/api/sign_out\"") && !self.shows("href=\"/sign-in\"")
    }
}
