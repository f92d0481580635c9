//! Whether a browser keeps cookies, before an account or a session is made for it.
//!
//! A form that starts a session, from a browser that brings none of our cookies, is asked for once
//! more: 307 repeats method and body (RFC 9110 §15.4.8), with a cookie that the first answer set.
//! What comes again without any comes from a browser that keeps none. It is told so, and nothing is
//! made that could not be used. Neither a cached page nor a script takes part.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use monban_leptos::{
    error::{AppError, CODE_HEADER},
    flash::{RefusedForm, Typed},
    form::Form,
    sign_in, sign_up,
};
use server_fn::error::FromServerFnError;
use url::{Url, form_urlencoded};

use super::{
    cookies::{self, Cookies},
    request::{Kind, text, user_agent},
};
use crate::state::AppState;

/// The parameter that says how far the check has come.
const PARAMETER: &str = "cookies";
/// The form was asked for once more.
const ASKED: &str = "asked";
/// It came without cookies all the same.
const REFUSED: &str = "refused";

/// The forms that start a session, and where they are sent.
const FORMS: [(&str, Form); 2] = [
    ("/api/sign_up", sign_up::FORM),
    ("/api/sign_in", sign_in::FORM),
];

/// In the extensions of a request that is made within this process: its client keeps cookies.
#[derive(Clone, Copy, Debug)]
pub struct KeepsCookies;

/// The answer to a form from a browser that has yet to show that it keeps cookies, or has failed to.
pub fn ask_for_cookies(state: &AppState, request: &Request) -> Option<Response> {
    if *request.method() != Method::POST {
        return None;
    }
    let path = request.uri().path();
    let (_, form) = FORMS.iter().find(|(action, _)| *action == path)?;
    let headers = request.headers();
    // What says nothing of where it comes from is no browser, and is not asked (see `same_origin`).
    let browser = headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site");
    if !browser || request.extensions().get::<KeepsCookies>().is_some() {
        return None;
    }
    if Cookies::of(headers, &state.cookie_names).any() {
        return None;
    }
    let mut response = Response::new(Body::empty());
    if stage(request) != Some(ASKED) {
        *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
        lead_to(&mut response, &format!("{path}?{PARAMETER}={ASKED}"));
        let probe = cookies::set_probe(&state.cookie_names);
        response
            .headers_mut()
            .extend(probe.map(|cookie| (header::SET_COOKIE, cookie)));
    } else if Kind::of(request.method(), path, headers).is_page() {
        // Nothing can wait in a cookie here, so the page is told by its address.
        *response.status_mut() = StatusCode::SEE_OTHER;
        let page = [state.interface.prefix, form.path()].concat();
        lead_to(&mut response, &refused_page(&page, headers));
    } else {
        let error = error(state, headers);
        if let Ok(status) = StatusCode::from_u16(error.status()) {
            *response.status_mut() = status;
        }
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(
            HeaderName::from_static(CODE_HEADER),
            HeaderValue::from_static(error.code()),
        );
        *response.body_mut() = error.ser().into();
    }
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
    Some(response)
}

/// What a page says to which such a form led. A link to it says nothing to a browser that keeps
/// cookies.
pub fn refused_form(
    state: &AppState,
    request: &Request,
    sent: &Cookies<'_>,
) -> Option<RefusedForm> {
    let path = request.uri().path().strip_prefix(state.interface.prefix)?;
    let (_, form) = FORMS.iter().find(|(_, form)| form.path() == path)?;
    (stage(request) == Some(REFUSED) && !sent.any()).then(|| RefusedForm {
        form: form.id().into(),
        error: error(state, request.headers()),
        typed: Typed::default(),
    })
}

fn stage(request: &Request) -> Option<&str> {
    let query = request.uri().query()?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(name, value)| (name == PARAMETER).then_some(value))
}

/// Without TLS, which only this machine itself may use, `WebKit` keeps no `Secure` cookie.
fn error(state: &AppState, headers: &HeaderMap) -> AppError {
    let agent = user_agent(headers);
    let webkit = agent.contains("AppleWebKit/") && !agent.contains("Chrome/");
    if webkit && !state.https {
        AppError::SecureCookiesRefused
    } else {
        AppError::CookiesRefused
    }
}

/// The page that the form came from, with the rest of its address.
fn refused_page(page: &str, headers: &HeaderMap) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let from = text(headers, header::REFERER).and_then(|referer| Url::parse(referer).ok());
    if let Some(from) = from.filter(|from| from.path() == page) {
        query.extend_pairs(from.query_pairs().filter(|(name, _)| name != PARAMETER));
    }
    query.append_pair(PARAMETER, REFUSED);
    format!("{page}?{}", query.finish())
}

fn lead_to(response: &mut Response, address: &str) {
    let location = HeaderValue::try_from(address);
    response
        .headers_mut()
        .extend(location.ok().map(|location| (header::LOCATION, location)));
}
