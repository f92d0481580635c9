//! Hands what a request does to its session to the app's observer.

use axum::extract::{MatchedPath, Request};
use monban_auth::{Auth, EndReason, RefreshToken, SessionId, TokenPair};
use monban_leptos::server::{CookieChange, Identity, RequestContext};

use crate::{
    observer::{Delivery, SessionEvent, SessionObserver},
    state::AppState,
};

/// Where a living page renews its pair.
const RENEWING: &str = "/api/refresh";

/// A request of a session that may be observed.
pub struct Observed<'a> {
    auth: &'a Auth,
    observer: &'a dyn SessionObserver,
    session: SessionId,
    route: String,
}

impl<'a> Observed<'a> {
    /// Says so, if anybody observes anything. Costs a look at a flag if not. Whose request it is says
    /// its good access token, else the refresh token.
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

    /// Who it was that came.
    pub fn arrived(
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
            // The renewal itself comes without a good token, and says so when it leaves.
            _ if self.route == RENEWING => return,
            (Identity::SignedIn(claims), _, _) => SessionEvent::Used(claims.generation),
            (Identity::Stale, _, _) => SessionEvent::Stale,
            (Identity::SignedOut, _, _) => return,
        };
        self.tell(&event);
    }

    /// What the response takes along, and what becomes of it.
    pub fn leaves(&self, context: &RequestContext) -> Delivery {
        match context.session.cookie_change() {
            Some(CookieChange::Set(pair)) if self.route == RENEWING => {
                self.tell(&SessionEvent::Renewed {
                    pair: &pair,
                    before_rendering: false,
                })
            }
            Some(CookieChange::Clear) => {
                self.tell(&SessionEvent::SignedOut);
                Delivery::Sent
            }
            _ => Delivery::Sent,
        }
    }

    fn tell(&self, event: &SessionEvent<'_>) -> Delivery {
        let now = self.auth.now();
        self.observer.observe(self.session, &self.route, event, now)
    }
}
