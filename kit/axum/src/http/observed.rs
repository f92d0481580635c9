//! Hands what a request does to its session to the app's observer.

use axum::extract::{MatchedPath, Request};
use monban_auth::{Auth, EndReason, RefreshToken, SessionId, TokenPair};
use monban_leptos::server::{CookieChange, Identity, RequestContext};

use crate::{
    observer::{Delivery, SessionEvent, SessionObserver},
    state::AppState,
};

/// The address at which a living page renews its pair.
const RENEWING: &str = "/api/refresh";

/// A request of a session that may be observed.
pub struct Observed<'a> {
    auth: &'a Auth,
    observer: &'a dyn SessionObserver,
    session: SessionId,
    route: String,
}

impl<'a> Observed<'a> {
    /// This one, if anything is observed at present; otherwise it costs a look at a flag. Its session is
    /// that of its good access token, else of its refresh token.
    pub fn find(
        state: &'a AppState,
        request: &Request,
        identity: &Identity,
        refresh: Option<&RefreshToken>,
    ) -> Option<Self> {
        let observer = state
            .observer
            .as_deref()
            .filter(|observer| observer.is_observing())?;
        let route = request.extensions().get::<MatchedPath>()?.as_str();
        let session = match identity {
            Identity::SignedIn(claims) => claims.sid,
            _ => state.auth.read_refresh(refresh?)?.sid,
        };
        Some(Self {
            auth: &state.auth,
            observer,
            session,
            route: route.to_owned(),
        })
    }

    /// Reports who the request is from.
    pub fn authenticated(
        &self,
        identity: &Identity,
        renewed: Option<&TokenPair>,
        ended: Option<EndReason>,
    ) {
        let event = match (identity, renewed, ended) {
            (_, Some(pair), _) => SessionEvent::Renewed {
                pair,
                before_rendering: true,
            },
            (_, _, Some(reason)) => SessionEvent::Ended(reason),
            (Identity::Ended(reason), _, _) => SessionEvent::Ended(*reason),
            // The renewal itself comes without a good token, and is reported with its response.
            _ if self.route == RENEWING => return,
            (Identity::SignedIn(claims), _, _) => SessionEvent::Used(claims.generation),
            (Identity::Stale, _, _) => SessionEvent::Stale,
            (Identity::SignedOut, _, _) => return,
        };
        self.notify(&event);
    }

    /// Reports the change of cookies that the response carries; the observer decides whether it is delivered.
    pub fn responded(&self, context: &RequestContext) -> Delivery {
        match context.session.cookie_change() {
            Some(CookieChange::Set(pair)) if self.route == RENEWING => {
                self.notify(&SessionEvent::Renewed {
                    pair: &pair,
                    before_rendering: false,
                })
            }
            Some(CookieChange::Clear) => {
                self.notify(&SessionEvent::SignedOut);
                Delivery::Sent
            }
            _ => Delivery::Sent,
        }
    }

    fn notify(&self, event: &SessionEvent<'_>) -> Delivery {
        let now = self.auth.now();
        self.observer.observe(self.session, &self.route, event, now)
    }
}
