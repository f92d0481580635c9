//! The session middleware: who a request is from, and the auth cookies of its response.
//!
//! The only writer of the auth cookies. It reads them before anything else runs, and writes them when
//! everything else is done.
//!
//! A page, and a form posted without script, with a stale access token is renewed *here*, before
//! rendering starts: the page renders as the person they are, in the same response. A call from the
//! living page is told `session_expired` instead and renews through its client, because
//! a hundred calls at once should renew once.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use monban_auth::{AuthError, Client, DeviceToken, RefreshToken};
use monban_leptos::{
    account::account_view,
    flash::Flash,
    server::{
        CookieChange, Identity, Inner, RequestContext, ResponseExtras, SessionHandle, end_reason,
    },
    session::CLEAR_COOKIES,
};

use super::{
    authenticate::{Authenticated, Unclear, authenticate},
    cookie_check,
    cookies::{self, CookieNames, Cookies},
    errors::Refusal,
    log::RequestId,
    observed::Observed,
    request::{Kind, language, theme, user_agent},
};
use crate::{observer::Delivery, state::AppState};

/// Authenticates the request, lets the rest of the server work, and writes the cookies.
pub async fn session(
    state: &AppState,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let kind = Kind::of(request.method(), request.uri().path(), request.headers());
    let names = &state.cookie_names;
    // So that leptos_axum, which reads it later, decides as it was decided here.
    request.headers_mut().insert(header::ACCEPT, kind.accept());
    let headers = request.headers();
    let cookies = Cookies::of(headers, names);
    let mut client = Client::new(
        state.proxies.client_address(request.extensions(), headers),
        &user_agent(headers),
    )
    .with_device(cookies.device.map(DeviceToken::new));
    let previous = cookies.flash();

    let authenticated = match authenticate(&state.auth, &cookies, kind.is_page(), &client).await {
        Err(Unclear::Conflict) if request.uri().path() == CLEAR_COOKIES => {
            Authenticated::anonymous()
        }
        authenticated => authenticated.map_err(refusal)?,
    };
    let Authenticated {
        identity,
        refresh: refresh_token,
        renewed,
        ended,
    } = authenticated;
    client.held.clone_from(&refresh_token);

    let mut flash = previous.clone().unwrap_or_default();
    // Dead cookies stay (see `CookieChange`), so the person is told once and not at every page.
    let ended_notice = ended.and_then(|reason| {
        let dead = refresh_token.as_ref().map(RefreshToken::expose);
        let dead = dead.or(cookies.access.first().copied())?;
        (!cookies.was_notified(dead)).then(|| (reason, cookies::set_ended_notice(names, dead)))
    });
    if let Some((reason, _)) = &ended_notice {
        flash.notice = None;
        flash.ended = Some(end_reason(*reason));
    }
    let document = kind.is_page() && matches!(*request.method(), Method::GET | Method::HEAD);
    if document {
        flash.form = flash
            .form
            .or_else(|| cookie_check::refused_form(state, &request, &cookies));
    }
    let account = match &identity {
        Identity::SignedIn(claims) if document => state.auth.accounts().find(claims.sub).await,
        _ => Ok(None),
    };
    let account = account.map_err(|error| unable_to_tell(&error))?;
    let observed = Observed::find(state, &request, &identity, refresh_token.as_ref());
    if let Some(observed) = &observed {
        observed.authenticated(&identity, renewed.as_ref(), ended);
    }
    let context = RequestContext::from(Inner {
        auth: state.auth.clone(),
        page: kind.is_page(),
        account: account.as_ref().map(account_view),
        client,
        language: language(headers, &cookies),
        theme: theme(&cookies),
        flash: flash.clone(),
        request_id: RequestId::of(&request).to_string(),
        assets: state.assets.clone(),
        session: SessionHandle::new(
            identity,
            refresh_token,
            renewed.map(|pair| CookieChange::Set(pair.into())),
        ),
        extensions: state.extensions.clone(),
        flags: state.flags.clone(),
        extras: ResponseExtras::default().into(),
    });
    let had_probe = cookies.probe.is_some();
    request.extensions_mut().insert(context.clone());

    let mut response = next.run(request).await;

    if let Some(observed) = &observed
        && observed.responded(&context) == Delivery::Lost
    {
        // What is lost says nothing, and sets nothing.
        return Err(Refusal::Unavailable);
    }
    empty_redirect(&mut response);
    write_cookies(&mut response, &context, state);
    if had_probe && matches!(context.session.cookie_change(), Some(CookieChange::Clear)) {
        append(response.headers_mut(), vec![cookies::remove(&names.probe)]);
    }
    // What may never be shown leaves everything as it is for the page that is.
    if kind != Kind::Ahead {
        let shown = document && !response.status().is_redirection();
        // What a page has shown is done with; anything else waits for the next page.
        let waiting = if shown { Flash::default() } else { flash };
        write_other_cookies(&mut response, &context, names, waiting, previous.is_some());
        let cookie = ended_notice.and_then(|(_, cookie)| cookie);
        let headers = response.headers_mut();
        headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    }
    Ok(response)
}

/// A redirect needs no body: browsers follow it at once.
fn empty_redirect(response: &mut Response) {
    if !response.status().is_redirection() {
        return;
    }
    *response.body_mut() = Body::empty();
    for about_it in [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_SECURITY_POLICY,
    ] {
        response.headers_mut().remove(about_it);
    }
}

/// The refusal of a request of which it is unclear who it is from.
fn refusal(unclear: Unclear) -> Refusal {
    match unclear {
        Unclear::Failed(error) => unable_to_tell(&error),
        Unclear::Conflict => {
            tracing::info!("two sign-ins in one request: another site of this domain sets cookies");
            Refusal::CookieConflict
        }
    }
}

/// Unable to tell is not signed out: the cookies stay as they are.
fn unable_to_tell(error: &AuthError) -> Refusal {
    tracing::error!(%error, "session");
    Refusal::Unavailable
}

/// Writes the auth cookies, and keeps caches away from the response.
fn write_cookies(response: &mut Response, context: &RequestContext, state: &AppState) {
    let names = &state.cookie_names;
    let headers = response.headers_mut();
    let set = match context.session.cookie_change() {
        Some(CookieChange::Set(pair)) => cookies::set_pair(names, &pair).into(),
        Some(CookieChange::ExpireAccess) => vec![cookies::remove(&names.access)],
        Some(CookieChange::Clear) => {
            let what = HeaderValue::from_static("\"storage\"");
            headers.insert("clear-site-data", what);
            vec![
                cookies::remove(&names.access),
                cookies::remove(&names.refresh),
            ]
        }
        Some(CookieChange::ClearAll) => {
            let what = HeaderValue::from_static("\"cookies\"");
            headers.insert("clear-site-data", what);
            cookies::remove_from_domains(names, &state.origin)
        }
        None => Vec::new(),
    };
    append(headers, set);
    // RFC 9111 §5.2.2: what depends on a cookie is for this client alone.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Cookie, Accept-Language"),
    );
}

/// Writes what the next page should show, and preferences.
fn write_other_cookies(
    response: &mut Response,
    context: &RequestContext,
    names: &CookieNames,
    waiting: Flash,
    had_flash: bool,
) {
    let ResponseExtras { flash, preferences } = context.take_extras();
    let flash = Flash {
        notice: flash.notice.or(waiting.notice),
        ended: flash.ended.or(waiting.ended),
        form: flash.form.or(waiting.form),
        draft: flash.draft.or(waiting.draft),
    };
    let mut set = Vec::new();
    if flash != Flash::default() {
        set.push(cookies::set_flash(names, &flash));
    } else if had_flash {
        set.push(cookies::remove(&names.flash));
    }
    set.extend(
        preferences
            .into_iter()
            .map(|preference| cookies::set_preference(names, preference)),
    );
    append(response.headers_mut(), set);
}

fn append(headers: &mut HeaderMap, cookies: Vec<Option<HeaderValue>>) {
    for cookie in cookies.into_iter().flatten() {
        headers.append(header::SET_COOKIE, cookie);
    }
}
