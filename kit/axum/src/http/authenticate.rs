//! Who a request comes from, by the cookies that it brings.
//!
//! Browsers keep the promise of `__Host-`: there is one cookie of each name, and this server set it.
//! One that does not (WebKit), or that was got around, may bring a second by the
//! same name, set by another site of the same domain, and nothing in the request tells which is which
//! (RFC 6265 §8.6). So of two that are both good neither is believed, and neither is a pair whose two
//! halves are of two living sessions. One that is good beside others that are not is the person's:
//! an attacker who can plant a cookie can plant nonsense, and must not be able to sign people out by it.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use monban_auth::{
    AccessClaims, AccessError, Auth, AuthError, Channel, Client, EndReason, RefreshError,
    RefreshToken, SessionId, TokenPair,
};
use monban_leptos::server::Identity;
use serde::Deserialize;

use super::cookies::{Cookies, MAX_OF_ONE_NAME};

/// Who a request comes from.
#[derive(Debug)]
pub struct Authenticated {
    /// The identity, or why there is none.
    pub identity: Identity,
    /// The refresh token that is believed.
    pub refresh: Option<RefreshToken>,
    /// A pair that was renewed before the page is rendered.
    pub renewed: Option<TokenPair>,
    /// Why the session of a page's request is over.
    pub ended: Option<EndReason>,
}

/// Why it is unclear who a request is from.
#[derive(Debug)]
pub enum Unclear {
    /// Two sign-ins came, and only one can be the person's.
    Conflict,
    /// The account system does not answer.
    Failed(AuthError),
}

impl From<AuthError> for Unclear {
    fn from(error: AuthError) -> Self {
        Self::Failed(error)
    }
}

impl Authenticated {
    /// A request without a token that is believed.
    pub const fn anonymous() -> Self {
        Self {
            identity: Identity::SignedOut,
            refresh: None,
            renewed: None,
            ended: None,
        }
    }
}

/// Who the request is from. Renews the pair if this is the moment to: before a page is rendered.
pub async fn authenticate(
    auth: &Auth,
    cookies: &Cookies<'_>,
    page: bool,
    client: &Client,
) -> Result<Authenticated, Unclear> {
    let (access, refresh) = choose(auth, cookies).await?;
    let as_identity = |identity| Authenticated {
        identity,
        refresh: refresh.clone(),
        ..Authenticated::anonymous()
    };
    // A page is rendered as for an anonymous visitor, and says why.
    let over = |reason| {
        if page {
            Authenticated {
                ended: Some(reason),
                ..as_identity(Identity::SignedOut)
            }
        } else {
            as_identity(Identity::Ended(reason))
        }
    };
    match access {
        Some(Ok(claims)) => return Ok(as_identity(Identity::SignedIn(claims))),
        Some(Err(AccessError::Ended(reason))) => return Ok(over(reason)),
        Some(Err(AccessError::Unavailable)) => return Err(AuthError::OutOfSync.into()),
        Some(Err(AccessError::Token(error))) => tracing::debug!(%error, "access token"),
        Some(Err(AccessError::Stale)) => tracing::debug!("the account has changed"),
        None => {}
    }
    let Some(token) = &refresh else {
        return Ok(Authenticated::anonymous());
    };
    if !page {
        return Ok(as_identity(Identity::Stale));
    }
    match auth.refresh(token, Channel::Cookies, client).await {
        Ok(pair) => Ok(Authenticated {
            renewed: Some(pair.clone()),
            ..as_identity(Identity::SignedIn(pair.claims))
        }),
        Err(RefreshError::Ended(reason)) => Ok(over(reason)),
        Err(RefreshError::Token(error)) => {
            tracing::debug!(%error, "refresh token");
            Ok(over(EndReason::Unknown))
        }
        Err(RefreshError::Auth(error)) => Err(error.into()),
    }
}

type Access = Result<Arc<AccessClaims>, AccessError>;

/// The tokens that are believed.
async fn choose(
    auth: &Auth,
    cookies: &Cookies<'_>,
) -> Result<(Option<Access>, Option<RefreshToken>), Unclear> {
    let (access, by) = choose_access(auth, &cookies.access).await?;
    let refresh = choose_refresh(auth, &cookies.refresh).await?;
    let other = match (by, &refresh) {
        (Some(access), Some(refresh)) => is_of_another_session(access, refresh),
        _ => false,
    };
    if other && let Some(refresh) = &refresh {
        match &access {
            Some(Ok(_)) if is_alive(auth, refresh).await? => return Err(Unclear::Conflict),
            // A foreign token of an ended session says nothing of a session that is alive.
            Some(Err(AccessError::Ended(_))) if is_alive(auth, refresh).await.unwrap_or(false) => {
                return Ok((None, Some(refresh.clone())));
            }
            _ => {}
        }
    }
    Ok((access, refresh))
}

/// What the access tokens come to, and which of them says so.
async fn choose_access<'a>(
    auth: &Auth,
    tokens: &[&'a str],
) -> Result<(Option<Access>, Option<&'a str>), Unclear> {
    if tokens.len() > MAX_OF_ONE_NAME {
        return Err(Unclear::Conflict);
    }
    let mut chosen: Option<(Access, &str)> = None;
    for token in tokens {
        let checked = auth.check_access(token).await;
        let better = match (&chosen, &checked) {
            (Some((Ok(_), _)), Ok(_)) => return Err(Unclear::Conflict),
            (Some((before, _)), checked) => weight(checked) > weight(before),
            (None, _) => true,
        };
        if better {
            chosen = Some((checked, token));
        }
    }
    Ok(match chosen {
        Some((access, token)) => (Some(access), Some(token)),
        None => (None, None),
    })
}

/// How much of several access tokens one says. One that is over says less than one that a refresh can
/// follow.
const fn weight(checked: &Access) -> u8 {
    match checked {
        Ok(_) => 3,
        Err(AccessError::Unavailable) => 2,
        Err(AccessError::Token(_) | AccessError::Stale) => 1,
        Err(AccessError::Ended(_)) => 0,
    }
}

async fn choose_refresh(auth: &Auth, tokens: &[&str]) -> Result<Option<RefreshToken>, Unclear> {
    if tokens.len() > MAX_OF_ONE_NAME {
        return Err(Unclear::Conflict);
    }
    let mut tokens: Vec<_> = tokens.iter().copied().map(RefreshToken::new).collect();
    if tokens.len() <= 1 {
        return Ok(tokens.pop());
    }
    let mut alive = None;
    for token in &tokens {
        if is_alive(auth, token).await? && alive.replace(token).is_some() {
            return Err(Unclear::Conflict);
        }
    }
    Ok(alive.or(tokens.first()).cloned())
}

/// Whether that token is genuine and its session alive.
async fn is_alive(auth: &Auth, token: &RefreshToken) -> Result<bool, AuthError> {
    let Some(claims) = auth.read_refresh(token) else {
        return Ok(false);
    };
    let row = auth.sessions().find(claims.sid).await?;
    Ok(row.is_some_and(|row| row.account_id == claims.sub && row.ended(auth.now()).is_none()))
}

/// Whether both name a session, and not the same. Nothing is verified: this is asked at every request,
/// and only says that it is worth to look closer.
fn is_of_another_session(access: &str, refresh: &RefreshToken) -> bool {
    let refresh = claimed_session(refresh.expose());
    refresh.is_some() && claimed_session(access).is_some_and(|access| Some(access) != refresh)
}

fn claimed_session(token: &str) -> Option<SessionId> {
    #[derive(Deserialize)]
    struct Claimed {
        sid: SessionId,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claimed: Claimed = serde_json::from_slice(&claims).ok()?;
    Some(claimed.sid)
}
