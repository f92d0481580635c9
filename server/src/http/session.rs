//! The session middleware: who is it, and what becomes of their cookies.
//!
//! The one pen for the auth cookies. It reads them before anything else runs, and writes them when
//! everything else is done.
//!
//! A navigation, and a form posted without script, with a stale access token is renewed *here*,
//! before rendering starts: the page renders as the person they are, in the same response. A call
//! from the living page is told `session_expired` instead and renews through its client, because
//! a hundred calls at once should renew once.

use std::sync::PoisonError;

use axum::{
    extract::Request,
    http::{HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use monban_app::{
    flash::{Flash, Notice},
    server::{
        Identity, Inner, Outbox, RequestContext, SessionHandle, Wish, account_view, end_reason,
    },
};
use monban_auth::{
    AccessError, Auth, AuthError, Channel, Client, EndReason, RefreshError, RefreshToken, TokenPair,
};

use super::{
    client_address::client_address,
    cookies::{self, CookieNames, Cookies},
    errors::Refusal,
    log::RequestId,
    request::{is_navigation, language, theme, user_agent},
    watched::Watched,
};
use crate::router::Gate;

/// Asks who is here, lets the rest of the server work, and writes the cookies.
pub async fn session(gate: &Gate, mut request: Request, next: Next) -> Result<Response, Refusal> {
    let headers = request.headers();
    let navigation = is_navigation(headers);
    let client = Client::new(
        client_address(request.extensions(), headers, &gate.trusted_proxies),
        &user_agent(headers),
    );
    let names = &gate.cookie_names;
    let cookies = Cookies::of(headers, names);
    let left = cookies.flash();
    let refresh_token = cookies.refresh.map(RefreshToken::new);

    let Arrival {
        identity,
        renewed,
        ended,
    } = arrive(
        &gate.auth,
        cookies.access,
        refresh_token.as_ref(),
        navigation,
        &client,
    )
    .await
    .map_err(|error| unable_to_tell(&error))?;

    let mut flash = left.clone().unwrap_or_default();
    // Dead cookies stay (see `Wish`), so the person is told once and not at every page.
    let news = ended.and_then(|reason| {
        let dead = cookies.refresh.or(cookies.access)?;
        (!cookies.was_told(dead)).then_some((reason, dead))
    });
    let told = news.and_then(|(_, dead)| cookies::set_told(names, dead));
    if let Some((reason, _)) = news {
        flash.notice = Some(Notice::SessionEnded(end_reason(reason)));
    }
    let document = navigation && *request.method() == Method::GET;
    let account = match &identity {
        Identity::SignedIn(claims) if document => gate.auth.find_account(claims.sub).await,
        _ => Ok(None),
    };
    let account = account.map_err(|error| unable_to_tell(&error))?;
    let watched = Watched::find(gate, &request, &identity, refresh_token.as_ref());
    if let Some(watched) = &watched {
        watched.arrived(&identity, renewed.as_ref(), ended);
    }
    let context = RequestContext::from(Inner {
        auth: gate.auth.clone(),
        account: account.as_ref().map(account_view),
        client,
        language: language(headers, &cookies),
        theme: theme(&cookies),
        flash: flash.clone(),
        request_id: RequestId::of(&request).to_string(),
        assets: gate.assets.clone(),
        timeline: gate.timeline.clone(),
        cookies: cookies::facts(names, &cookies, renewed.as_ref()),
        session: SessionHandle::new(
            identity,
            refresh_token,
            renewed.map(|pair| Wish::Set(pair.into())),
        ),
        sandbox: gate.sandbox.clone(),
        other_site: gate.other_site.clone(),
        outbox: Outbox::default().into(),
    });
    request.extensions_mut().insert(context.clone());

    let mut response = next.run(request).await;

    if let Some(watched) = &watched
        && watched.leaves(&context)
    {
        // What is lost says nothing, and sets nothing.
        return Err(Refusal::Unavailable);
    }
    let shown = document && !response.status().is_redirection();
    // What a page has shown is done with; anything else waits for the next page.
    let waiting = if shown { Flash::default() } else { flash };
    leave(&mut response, &context, names, waiting, left.is_some());
    response
        .headers_mut()
        .extend(told.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// Unable to tell is not signed out: the cookies stay as they are.
fn unable_to_tell(error: &AuthError) -> Refusal {
    tracing::error!(%error, "session");
    Refusal::Unavailable
}

/// Who a request comes from.
struct Arrival {
    identity: Identity,
    /// A pair renewed on arrival.
    renewed: Option<TokenPair>,
    /// Why the session of a navigation is over.
    ended: Option<EndReason>,
}

impl Arrival {
    const fn of(identity: Identity) -> Self {
        Self {
            identity,
            renewed: None,
            ended: None,
        }
    }

    /// A session that is over. A page is rendered for a stranger, and says why.
    const fn over(reason: EndReason, navigation: bool) -> Self {
        if navigation {
            Self {
                identity: Identity::SignedOut,
                renewed: None,
                ended: Some(reason),
            }
        } else {
            Self::of(Identity::Ended(reason))
        }
    }
}

/// Who is here. Renews the pair if this is the moment to.
async fn arrive(
    auth: &Auth,
    access: Option<&str>,
    refresh: Option<&RefreshToken>,
    navigation: bool,
    client: &Client,
) -> Result<Arrival, AuthError> {
    let checked = match access {
        Some(token) => Some(auth.check_access(token).await),
        None => None,
    };
    match checked {
        Some(Ok(claims)) => return Ok(Arrival::of(Identity::SignedIn(claims))),
        Some(Err(AccessError::Ended(reason))) => return Ok(Arrival::over(reason, navigation)),
        Some(Err(AccessError::Unavailable)) => return Err(AuthError::Unheard),
        Some(Err(AccessError::Token(error))) => tracing::debug!(%error, "access token"),
        Some(Err(AccessError::Stale)) => tracing::debug!("the account has changed"),
        None => {}
    }
    let Some(refresh) = refresh else {
        return Ok(Arrival::of(Identity::SignedOut));
    };
    if !navigation {
        return Ok(Arrival::of(Identity::Stale));
    }
    match auth.refresh(refresh, Channel::Cookies, client).await {
        Ok(pair) => {
            let identity = Identity::SignedIn(pair.claims.clone());
            Ok(Arrival {
                identity,
                renewed: Some(pair),
                ended: None,
            })
        }
        Err(RefreshError::Ended(reason)) => Ok(Arrival::over(reason, navigation)),
        Err(RefreshError::Token(error)) => {
            tracing::debug!(%error, "refresh token");
            Ok(Arrival::over(EndReason::Unknown, navigation))
        }
        Err(RefreshError::Auth(error)) => Err(error),
    }
}

/// Writes the cookies that this response takes along, and keeps caches away from it.
fn leave(
    response: &mut Response,
    context: &RequestContext,
    names: &CookieNames,
    waiting: Flash,
    flash_came: bool,
) {
    let Outbox { flash, preferences } = std::mem::take(
        &mut *context
            .outbox
            .lock()
            .unwrap_or_else(PoisonError::into_inner),
    );
    let flash = Flash {
        notice: flash.notice.or(waiting.notice),
        form: flash.form.or(waiting.form),
    };
    let mut set = Vec::new();
    match context.session.wish() {
        Some(Wish::Set(pair)) => set.extend(cookies::set_pair(names, &pair)),
        Some(Wish::ExpireAccess) => set.push(cookies::remove(&names.access)),
        Some(Wish::Clear) => {
            set.extend([
                cookies::remove(&names.access),
                cookies::remove(&names.refresh),
            ]);
            let everything = HeaderValue::from_static("\"cache\", \"storage\"");
            response.headers_mut().insert("clear-site-data", everything);
        }
        None => {}
    }
    if flash != Flash::default() {
        set.push(cookies::set_flash(names, &flash));
    } else if flash_came {
        set.push(cookies::remove(&names.flash));
    }
    set.extend(
        preferences
            .into_iter()
            .map(|preference| cookies::set_preference(names, preference)),
    );

    let headers = response.headers_mut();
    for cookie in set.into_iter().flatten() {
        headers.append(header::SET_COOKIE, cookie);
    }
    // RFC 9111 §5.2.2: whatever depends on a cookie is nobody else's.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Cookie, Accept-Language"),
    );
}
