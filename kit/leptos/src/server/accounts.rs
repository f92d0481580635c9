//! What the forms ask of the core: parse, call, map the error.

use monban_auth::{Persistence, SessionId};

use super::{
    RequestContext, SignUpHook, internal_error,
    parse::{map_sign_in_error, map_sign_up_error, parse_name, parse_sign_in, parse_sign_up},
    session_view,
};
use crate::{error::AppError, view::SessionView};

pub(crate) async fn sign_up(
    request: &RequestContext,
    name: &str,
    email: &str,
    password: &str,
) -> Result<(), AppError> {
    let new = parse_sign_up(name, email, password, request.auth.rules().password)?;
    let pair = request
        .auth
        .sign_up(new, &request.client)
        .await
        .map_err(map_sign_up_error)?;
    let account = pair.claims.sub;
    request.session.renewed(pair);
    if let Some(hook) = request.extension::<SignUpHook>() {
        hook.run(account).await;
    }
    Ok(())
}

pub(crate) async fn sign_in(
    request: &RequestContext,
    email: &str,
    password: &str,
    keep: bool,
) -> Result<(), AppError> {
    let persistence = if keep {
        Persistence::Kept
    } else {
        Persistence::Browser
    };
    let who = parse_sign_in(email, password, persistence)?;
    let pair = request
        .auth
        .sign_in(who, &request.client)
        .await
        .map_err(map_sign_in_error)?;
    request.session.renewed(pair);
    Ok(())
}

pub(crate) async fn rename(request: &RequestContext, name: &str) -> Result<String, AppError> {
    let who = request.session.require()?;
    let name = parse_name(name)?;
    match request.auth.accounts().rename(who.sub, &name).await {
        Ok(true) => Ok(name.as_str().to_owned()),
        Ok(false) => Err(AppError::SessionRequired),
        Err(error) => Err(internal_error(&error)),
    }
}

pub(crate) async fn list_sessions(
    request: &RequestContext,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<SessionView>, AppError> {
    let who = request.session.require()?;
    let after = after.map(str::parse::<SessionId>).transpose();
    let after = after.map_err(|_| AppError::BadRequest)?;
    let page = request.auth.sessions().list(&who, after, limit).await;
    let page = page.map_err(|error| internal_error(&error))?;
    let sessions = page.sessions.iter();
    Ok(sessions
        .map(|session| session_view(session, who.sid))
        .collect())
}

pub(crate) async fn end_session(request: &RequestContext, id: &str) -> Result<(), AppError> {
    let who = request.session.require()?;
    let id: SessionId = id.parse().map_err(|_| AppError::BadRequest)?;
    request
        .auth
        .sessions()
        .end(&who, id)
        .await
        .map_err(|error| internal_error(&error))
}

pub(crate) async fn end_other_sessions(request: &RequestContext) -> Result<(), AppError> {
    let who = request.session.require()?;
    request
        .auth
        .sessions()
        .end_others(&who)
        .await
        .map_err(|error| internal_error(&error))
}
