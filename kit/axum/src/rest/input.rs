//! What a request says: its body, its token, where it comes from.

use std::sync::Arc;

use axum::{
    body,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use monban_auth::{AccessClaims, AccessError, Client, TokenError};
use monban_leptos::{
    error::{AppError, FieldErrorKind},
    server::{end_reason, if_has_role},
};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::{
    code::Code,
    problem::{FieldError, Problem},
};
use crate::{
    http::request::{text, user_agent},
    state::AppState,
};

/// A body: one JSON object in UTF-8 (RFC 8259 §8.1), each member known and there once.
pub struct Json<T>(pub T);

/// The claims of a good access token. The guard of every route that is not public.
pub struct Bearer(pub Arc<AccessClaims>);

/// Where a request comes from.
pub struct Peer(pub Client);

impl Bearer {
    /// The claims, if they have that role. The guard of a route for a role.
    pub fn require_role(self, role: &str) -> Result<Arc<AccessClaims>, Problem> {
        Ok(if_has_role(self.0, role)?)
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Code::UnsupportedMediaType.into());
        }
        // It is in memory already, and within the limit.
        let bytes = body::to_bytes(request.into_body(), usize::MAX)
            .await
            .map_err(|_| Code::BadRequest)?;
        // serde also takes an array for a struct.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(Code::BadRequest.into());
        }
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let object = serde_path_to_error::deserialize(&mut reader).map_err(|e| at_fault(&e))?;
        reader.end().map_err(|_| Code::BadRequest)?;
        Ok(Self(object))
    }
}

impl FromRequestParts<AppState> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer_token(&parts.headers).ok_or(Code::SessionRequired)?;
        let error = match state.auth.check_bearer_access(token).await {
            Ok(claims) => return Ok(Self(claims)),
            Err(AccessError::Ended(reason)) => AppError::SessionEnded {
                reason: end_reason(reason),
            },
            // A refresh brings one that is good: the key of this one may be retired, or the clock was
            // set back since it was issued.
            Err(
                AccessError::Stale
                | AccessError::Token(
                    TokenError::Expired | TokenError::UnknownKid | TokenError::NotYetValid,
                ),
            ) => AppError::SessionExpired,
            Err(AccessError::Unavailable) => AppError::Busy,
            Err(AccessError::Token(error)) => {
                tracing::debug!(%error, "access token");
                AppError::SessionRequired
            }
        };
        Err(Problem::from(error).of_token())
    }
}

impl FromRequestParts<AppState> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let address = state
            .proxies
            .client_address(&parts.extensions, &parts.headers);
        Ok(Self(Client::new(address, &user_agent(&parts.headers))))
    }
}

/// RFC 6750 §2.1. The scheme is spelled in any case (RFC 9110 §11.1).
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = text(headers, header::AUTHORIZATION)?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start_matches(' '))
}

/// Whether the body is said to be JSON, and not in another charset.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = text(headers, header::CONTENT_TYPE) else {
        return false;
    };
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case("application/json")
        && parts
            .filter_map(|parameter| parameter.split_once('='))
            .filter(|(name, _)| name.eq_ignore_ascii_case("charset"))
            .all(|(_, charset)| charset.trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

/// Names the field that serde stumbled over. Its own words stay here: they quote values, which may
/// be passwords.
fn at_fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    if error.inner().classify() != Category::Data {
        return Code::BadRequest.into();
    }
    let words = error.inner().to_string();
    let quoted = |start: &str, end: &str| {
        let name = words.strip_prefix(start)?;
        Some(name[..name.rfind(end)?].to_owned())
    };
    let field = error.path().to_string();
    if let Some(unknown) = quoted("unknown field `", "`, expected ") {
        Problem::fields(vec![FieldError::unknown(&unknown)])
    } else if words.starts_with("duplicate field") || field == "." {
        Code::BadRequest.into()
    } else {
        Problem::fields(vec![FieldError::new(&field, FieldErrorKind::Malformed)])
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn json_is_said_to_be_json_in_utf_8() {
        for good in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"",
            "application/json; profile=x",
        ] {
            assert!(is_json(&of(header::CONTENT_TYPE, good)), "{good}");
        }
        for bad in [
            "",
            "text/json",
            "text/plain; application/json",
            "application/jsonp",
            "application/json; charset=latin1",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!is_json(&of(header::CONTENT_TYPE, bad)), "{bad}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn a_bearer_token_follows_its_scheme() {
        for (value, token) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc", Some("abc")),
            ("Bearer", None),
            ("Bearerabc", None),
            ("Basic abc", None),
        ] {
            let headers = of(header::AUTHORIZATION, value);
            assert_eq!(bearer_token(&headers), token, "{value}");
        }
    }
}
