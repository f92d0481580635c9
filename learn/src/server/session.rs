//! The visitor's own session: what the page shows of it, and the experiments on it.

use axum::http::{header::COOKIE, request::Parts};
use cookie::Cookie;
use leptos::prelude::use_context;
use monban_auth::{AccessClaims, Channel, RefreshError, Timestamp};
use monban_axum::AuthCookie;
use serde::Serialize;

use super::Learning;
use crate::session::{CookieView, EventKind, EventView, RowView, SessionLook};
use monban_leptos::{
    error::AppError,
    server::{CookieChange, RequestContext, instant_view, internal_error, map_refresh_error},
};

/// Both cookies and the session's row. The values of the cookies are left out.
pub(crate) async fn look(request: &RequestContext) -> Result<SessionLook, AppError> {
    let claims = request.session.require()?;
    let learning = Learning::find()?;
    let values = cookie_lengths(request, learning.auth_cookies());
    let row = request.auth.sessions().find(claims.sid).await;
    let row = row
        .map_err(|error| internal_error(&error))?
        .ok_or(AppError::SessionRequired)?;
    let refresh = request.session.newest_refresh(&request.auth);
    let kept = row.persistence == monban_auth::Persistence::Kept;
    let at = |seconds: i64| instant_view(Timestamp::from_millis(seconds * 1000));
    let lives = [
        Some((claims.iat, claims.exp)),
        refresh.as_ref().map(|claims| (claims.iat, claims.exp)),
    ];
    let cookies = learning
        .auth_cookies()
        .iter()
        .zip(values)
        .zip(lives)
        .filter_map(|((cookie, value), life)| {
            let (issued, expires) = life?;
            Some(CookieView {
                name: cookie.name.to_string(),
                attributes: cookie.attributes.to_owned(),
                bytes: cookie.name.len() + "=".len() + value,
                set_at: at(issued),
                kept_until: kept.then(|| at(expires)),
            })
        });
    Ok(SessionLook {
        cookies: cookies.collect(),
        access: indented_json(&*claims)?,
        refresh: refresh.as_ref().map(indented_json).transpose()?,
        row: RowView {
            generation: row.generation.get(),
            rotated_at: instant_view(row.rotated_at),
            seen: row.generation_seen_at.is_some() || was_seen(&claims, row.generation.get()),
            signed_in_at: instant_view(row.created_at),
            idle_expires_at: instant_view(row.idle_expires_at),
            absolute_expires_at: instant_view(row.absolute_expires_at),
        },
    })
}

/// How long the values are that the browser holds after this response: those of a new pair, else those
/// that it sent.
fn cookie_lengths(request: &RequestContext, cookies: &[AuthCookie; 2]) -> [usize; 2] {
    if let Some(CookieChange::Set(pair)) = request.session.cookie_change() {
        return [pair.access.expose().len(), pair.refresh.expose().len()];
    }
    let parts = use_context::<Parts>();
    let sent: Vec<_> = parts
        .iter()
        .flat_map(|parts| parts.headers.get_all(COOKIE))
        .filter_map(|line| str::from_utf8(line.as_bytes()).ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .collect();
    let length = |cookie: &AuthCookie| {
        let found = sent.iter().find(|sent| sent.name() == &*cookie.name);
        found.map_or(0, |found| found.value().len())
    };
    cookies.each_ref().map(length)
}

/// Whether the access token of this request proves that the reply with the current generation arrived.
fn was_seen(claims: &AccessClaims, current: i64) -> bool {
    claims.generation.get() == current
}

/// The events after that number. Needs no valid session: the events of one that is stale or has ended are
/// the most interesting.
pub(crate) fn events(request: &RequestContext, after: u64) -> Vec<EventView> {
    let session = request.session.presented(&request.auth);
    match (Learning::find(), session) {
        (Ok(learning), Some(session)) => {
            learning
                .timeline()
                .events_after(session, after, request.auth.now())
        }
        _ => Vec::new(),
    }
}

/// Drops the next reply that carries a new pair of tokens.
pub(crate) fn drop_next_reply(request: &RequestContext) -> Result<(), AppError> {
    let claims = request.session.require()?;
    Learning::find()?.timeline().drop_next_reply(claims.sid);
    Ok(())
}

/// A theft of the refresh token: it is copied, its owner renews twice, and then the copy is presented. All
/// calls are real; the session has ended afterwards.
pub(crate) async fn replay(request: &RequestContext) -> Result<(), AppError> {
    let claims = request.session.require()?;
    let copy = request
        .session
        .refresh_token()
        .ok_or(AppError::BadRequest)?;
    let learning = Learning::find()?;
    let record = |event| {
        let now = request.auth.now();
        learning.timeline().record(claims.sid, now, event);
    };
    let auth = &request.auth;
    record(EventKind::Copied {
        generation: claims.generation.get(),
    });
    let mut newest = copy.clone();
    for _ in 0..2 {
        let pair = auth
            .refresh(&newest, Channel::Cookies, &request.client)
            .await
            .map_err(map_refresh_error)?;
        record(EventKind::renewed(&pair, false));
        newest = pair.refresh.clone();
        request.session.renewed(pair);
    }
    record(EventKind::Replayed);
    match auth.refresh(copy, Channel::Cookies, &request.client).await {
        Err(RefreshError::Ended(reason)) => {
            let reason = monban_leptos::server::end_reason(reason);
            record(EventKind::Ended { reason });
            Ok(())
        }
        Err(error) => Err(map_refresh_error(error)),
        Ok(_) => Err(AppError::Internal),
    }
}

/// The claims as indented JSON.
fn indented_json(claims: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string_pretty(claims).map_err(|_| AppError::Internal)
}
