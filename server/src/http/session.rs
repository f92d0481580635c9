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
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use monban_app::{
    flash::{Flash, Notice},
    preferences::{Language, Theme},
    server::{
        Identity, Inner, Outbox, RequestContext, SessionHandle, Wish, account_view, end_reason,
    },
};
use monban_auth::{
    AccessError, Auth, AuthError, Channel, Client, EndReason, RefreshError, RefreshToken, TokenPair,
};

use super::{
    client_address::client_address,
    cookies::{self, Cookies},
    errors::Refusal,
    log::RequestId,
    watched::Watched,
};
use crate::router::Gate;

/// Asks who is here, lets the rest of the server work, and writes the cookies.
pub async fn session(gate: &Gate, mut request: Request, next: Next) -> Result<Response, Refusal> {
    let headers = request.headers();
    let navigation = is_navigation(headers);
    let client = Client::new(
        client_address(request.extensions(), headers, &gate.trusted_proxies),
        user_agent(headers),
    );
    let cookies = Cookies::of(headers);
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
    let told = news.and_then(|(_, dead)| cookies::set_told(dead));
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
        cookies: cookies::facts(&cookies, renewed.as_ref()),
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
    leave(&mut response, &context, waiting, left.is_some());
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
fn leave(response: &mut Response, context: &RequestContext, waiting: Flash, flash_came: bool) {
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
        Some(Wish::Set(pair)) => set.extend(cookies::set_pair(&pair)),
        Some(Wish::ExpireAccess) => set.push(cookies::remove(cookies::ACCESS)),
        Some(Wish::Clear) => {
            set.extend([
                cookies::remove(cookies::ACCESS),
                cookies::remove(cookies::REFRESH),
            ]);
            let everything = HeaderValue::from_static("\"cache\", \"storage\"");
            response.headers_mut().insert("clear-site-data", everything);
        }
        None => {}
    }
    if flash != Flash::default() {
        set.push(cookies::set_flash(&flash));
    } else if flash_came {
        set.push(cookies::remove(cookies::FLASH));
    }
    set.extend(
        preferences
            .iter()
            .map(|(name, value)| cookies::set_preference(name, value)),
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

/// Whether the browser will show the answer as a document: a link, a typed address, or a form
/// posted without script (Fetch Metadata §2.2). Older browsers say it by what they accept.
pub fn is_navigation(headers: &HeaderMap) -> bool {
    if let Some(mode) = headers.get("sec-fetch-mode") {
        mode == "navigate"
    } else {
        let accept = headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok());
        accept.is_some_and(|accept| accept.contains("text/html"))
    }
}

/// The language chosen, else the one the browser asks for first (RFC 9110 §12.5.4).
pub fn language(headers: &HeaderMap, cookies: &Cookies<'_>) -> Language {
    let chosen = cookies.language.and_then(Language::from_tag);
    let accepted = || {
        let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        let mut ranges: Vec<(f32, &str)> = header.split(',').filter_map(range).collect();
        ranges.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranges
            .into_iter()
            .find_map(|(_, tag)| Language::from_tag(&tag.split('-').next()?.to_ascii_lowercase()))
    };
    chosen.or_else(accepted).unwrap_or_default()
}

/// The theme chosen.
pub fn theme(cookies: &Cookies<'_>) -> Theme {
    cookies.theme.and_then(Theme::from_name).unwrap_or_default()
}

fn range(item: &str) -> Option<(f32, &str)> {
    let (tag, quality) = item.trim().split_once(';').unwrap_or((item.trim(), "q=1"));
    let quality: f32 = quality.trim().strip_prefix("q=")?.parse().ok()?;
    (quality > 0.0).then_some((quality, tag.trim()))
}

/// What the client says that it is.
pub fn user_agent(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn a_navigation_is_what_a_browser_shows() {
        assert!(is_navigation(&of(&[("sec-fetch-mode", "navigate")])));
        assert!(is_navigation(&of(&[("accept", "text/html,*/*")])));
        assert!(!is_navigation(&of(&[
            ("sec-fetch-mode", "cors"),
            ("accept", "text/html")
        ])));
        assert!(!is_navigation(&of(&[("accept", "application/json")])));
    }

    fn chosen(headers: &HeaderMap) -> Language {
        language(headers, &Cookies::of(headers))
    }

    #[test]
    fn the_choice_goes_before_what_the_browser_asks_for() {
        assert_eq!(chosen(&of(&[("accept-language", "ja")])), Language::Ja);
        assert_eq!(
            chosen(&of(&[(
                "accept-language",
                "fr;q=0.9, en;q=0.5, ja-JP;q=0.8"
            )])),
            Language::Ja
        );
        assert_eq!(
            chosen(&of(&[("accept-language", "ja;q=0, fr")])),
            Language::En
        );
        let both = of(&[("accept-language", "ja"), ("cookie", "monban_language=en")]);
        assert_eq!(chosen(&both), Language::En);
    }
}
