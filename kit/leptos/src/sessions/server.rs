//! What the page asks of the core: parse, call, map the error.

use monban_auth::{Channel, Session, SessionId};

use crate::{
    error::AppError,
    server::{context::RequestContext, errors::internal_error, instant_view},
    view::SessionView,
};

pub(crate) async fn list_sessions(
    request: &RequestContext,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<SessionView>, AppError> {
    let claims = request.session.require()?;
    let after = after.map(str::parse::<SessionId>).transpose();
    let after = after.map_err(|_| AppError::BadRequest)?;
    let page = request.auth.sessions().list(&claims, after, limit).await;
    let page = page.map_err(|error| internal_error(&error))?;
    let sessions = page.sessions.iter();
    Ok(sessions
        .map(|session| session_view(session, claims.sid))
        .collect())
}

pub(crate) async fn end_session(request: &RequestContext, id: &str) -> Result<(), AppError> {
    let claims = request.session.require()?;
    let id: SessionId = id.parse().map_err(|_| AppError::BadRequest)?;
    request
        .auth
        .sessions()
        .end(&claims, id)
        .await
        .map_err(|error| internal_error(&error))
}

/// The page of the list to go back to from the one after that session: the same, or the first if nothing
/// is left there. An account has two pages at most, so that is the last one.
pub(crate) async fn page_after(request: &RequestContext, after: Option<&str>) -> Option<String> {
    let id: SessionId = after?.parse().ok()?;
    let claims = request.session.require().ok()?;
    let page = request.auth.sessions().list(&claims, Some(id), 1).await;
    // If nobody can say, it stays.
    let is_empty = page.is_ok_and(|page| page.sessions.is_empty());
    (!is_empty).then(|| id.to_string())
}

pub(crate) async fn end_other_sessions(request: &RequestContext) -> Result<(), AppError> {
    let claims = request.session.require()?;
    request
        .auth
        .sessions()
        .end_others(&claims)
        .await
        .map_err(|error| internal_error(&error))
}

/// A session as the account's owner sees it, from the session `current`.
pub fn session_view(session: &Session, current: SessionId) -> SessionView {
    let (browser, os) = browser_and_os(&session.user_agent);
    // A native client says what it calls its device; only a page that uses the REST API may look
    // like a browser in full.
    let named = session.persistence.channel() == Some(Channel::Bearer)
        && (browser.is_none() || os.is_none())
        && !session.user_agent.is_empty();
    SessionView {
        id: session.id.to_string(),
        device: named.then(|| session.user_agent.clone()),
        browser,
        os,
        ip: session.ip.clone(),
        signed_in_at: instant_view(session.created_at),
        seen_at: instant_view(session.seen_at),
        current: session.id == current,
    }
}

/// The browser and the system that a `User-Agent` names, as far as they are known.
fn browser_and_os(user_agent: &str) -> (Option<String>, Option<String>) {
    let Some(agent) = woothee::parser::Parser::new().parse(user_agent) else {
        return (None, None);
    };
    let known = |name: &str| (!name.is_empty() && name != "UNKNOWN").then(|| name.to_owned());
    (known(agent.name), known(agent.os))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_of_today_are_known_by_name() {
        for (user_agent, browser, os) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
                "Chrome",
                "Windows 10",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
                "Edge",
                "Windows 10",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:159.0) Gecko/20100101 Firefox/159.0",
                "Firefox",
                "Linux",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
                "Safari",
                "Mac OSX",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
                "Safari",
                "iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
                "Chrome",
                "Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 OPR/130.0.0.0",
                "Opera",
                "Windows 10",
            ),
        ] {
            let named = (Some(browser.to_owned()), Some(os.to_owned()));
            assert_eq!(browser_and_os(user_agent), named, "{user_agent}");
        }
        assert_eq!(browser_and_os("Ann's phone"), (None, None));
        assert_eq!(browser_and_os(""), (None, None));
    }
}
