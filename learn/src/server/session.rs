//! The visitor's own session, looked at and disturbed.

use monban_auth::{AccessClaims, Channel, RefreshError, Timestamp};
use serde::Serialize;

use super::Learning;
use crate::session::{CookieView, EventView, RowView, SessionLook, What};
use monban_leptos::{
    error::AppError,
    server::{RequestContext, instant_view, internal_error, map_refresh_error},
};

/// Both cookies and the row, as they are. The values stay here.
pub(crate) async fn look(request: &RequestContext) -> Result<SessionLook, AppError> {
    let who = request.session.require()?;
    let row = request.auth.find_session(who.sid).await;
    let row = row
        .map_err(|error| internal_error(&error))?
        .ok_or(AppError::SessionRequired)?;
    let refresh = request.session.newest_refresh(&request.auth);
    let kept = row.persistence == monban_auth::Persistence::Kept;
    let at = |seconds: i64| instant_view(Timestamp::from_millis(seconds * 1000));
    let lives = [
        Some((who.iat, who.exp)),
        refresh.as_ref().map(|claims| (claims.iat, claims.exp)),
    ];
    let cookies = request
        .cookies
        .iter()
        .zip(lives)
        .filter_map(|(cookie, life)| {
            let (issued, expires) = life?;
            Some(CookieView {
                name: cookie.name.to_string(),
                attributes: cookie.attributes.to_owned(),
                bytes: cookie.bytes,
                set_at: at(issued),
                kept_until: kept.then(|| at(expires)),
            })
        });
    Ok(SessionLook {
        cookies: cookies.collect(),
        access: laid_out(&*who)?,
        refresh: refresh.as_ref().map(laid_out).transpose()?,
        row: RowView {
            generation: row.generation.get(),
            rotated_at: instant_view(row.rotated_at),
            seen: row.generation_seen_at.is_some() || was_seen(&who, row.generation.get()),
            signed_in_at: instant_view(row.created_at),
            idle_expires_at: instant_view(row.idle_expires_at),
            absolute_expires_at: instant_view(row.absolute_expires_at),
        },
    })
}

/// The access token of this very request proves that its generation arrived.
fn was_seen(who: &AccessClaims, current: i64) -> bool {
    who.generation.get() == current
}

/// What happened since. Asks for no session: a stale or dead one is worth watching most.
pub(crate) fn events(request: &RequestContext, after: u64) -> Vec<EventView> {
    let session = request.session.presented(&request.auth);
    match (Learning::find(), session) {
        (Ok(learning), Some(session)) => {
            learning.timeline().look(session, after, request.auth.now())
        }
        _ => Vec::new(),
    }
}

/// Lets the reply with the next pair get lost.
pub(crate) fn drop_next_reply(request: &RequestContext) -> Result<(), AppError> {
    let who = request.session.require()?;
    Learning::find()?.timeline().drop_next_reply(who.sid);
    Ok(())
}

/// What a thief and the owner do: somebody copies the refresh token, the owner goes on and renews
/// twice, and then the copy is used. Real calls all of them; the session is over afterwards.
pub(crate) async fn replay(request: &RequestContext) -> Result<(), AppError> {
    let who = request.session.require()?;
    let copy = request
        .session
        .refresh_token()
        .ok_or(AppError::BadRequest)?;
    let learning = Learning::find()?;
    let note = |what| {
        learning.timeline().note(who.sid, request.auth.now(), what);
    };
    let auth = &request.auth;
    note(What::Copied {
        generation: who.generation.get(),
    });
    let mut newest = copy.clone();
    for _ in 0..2 {
        let pair = auth
            .refresh(&newest, Channel::Cookies, &request.client)
            .await
            .map_err(map_refresh_error)?;
        note(What::renewed(&pair, false));
        newest = pair.refresh.clone();
        request.session.renewed(pair);
    }
    note(What::Replayed);
    match auth.refresh(copy, Channel::Cookies, &request.client).await {
        Err(RefreshError::Ended(reason)) => {
            let reason = monban_leptos::server::end_reason(reason);
            note(What::Ended { reason });
            Ok(())
        }
        Err(error) => Err(map_refresh_error(error)),
        Ok(_) => Err(AppError::Internal),
    }
}

fn laid_out(claims: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string_pretty(claims).map_err(|_| AppError::Internal)
}
