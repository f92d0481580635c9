//! What a request does to a session that somebody watches on a learning page.

use axum::extract::{MatchedPath, Request};
use monban_app::{
    learn::What,
    server::{Identity, RequestContext, Timeline, Wish, end_reason},
};
use monban_auth::{Auth, EndReason, RefreshToken, SessionId, TokenPair};

use crate::router::Gate;

/// To watch is no event.
const WATCHING: &str = "/api/learn/session_events";
/// Where the pair is renewed.
const RENEWING: &str = "/api/refresh";

/// A request of a session that may be watched.
pub struct Watched<'a> {
    auth: &'a Auth,
    timeline: &'a Timeline,
    session: SessionId,
    route: String,
}

impl<'a> Watched<'a> {
    /// Says so, if anybody watches anything. Costs a look at a flag if not. Whose request it is says
    /// its good access token, else the refresh token.
    pub fn find(
        gate: &'a Gate,
        request: &Request,
        identity: &Identity,
        refresh: Option<&RefreshToken>,
    ) -> Option<Self> {
        let timeline = gate
            .timeline
            .as_deref()
            .filter(|timeline| timeline.is_watching())?;
        let route = request.extensions().get::<MatchedPath>()?.as_str();
        if route == WATCHING {
            return None;
        }
        let session = match identity {
            Identity::SignedIn(claims) => claims.sid,
            _ => gate.auth.read_refresh(refresh?)?.sid,
        };
        Some(Self {
            auth: &gate.auth,
            timeline,
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
        let route = self.route.clone();
        match (identity, renewed, ended) {
            (_, Some(pair), _) => self.note(What::renewed(pair, true)),
            (_, _, Some(reason)) => self.note(What::Ended {
                reason: end_reason(reason),
            }),
            (Identity::Ended(reason), _, _) => self.note(What::Ended {
                reason: end_reason(*reason),
            }),
            // The renewal itself comes without a good token, and says so when it leaves.
            _ if self.route == RENEWING => {}
            (Identity::SignedIn(claims), _, _) => self.note(What::Answered {
                route,
                generation: claims.generation.get(),
            }),
            (Identity::Stale, _, _) => self.note(What::Stale { route }),
            (Identity::SignedOut, _, _) => {}
        }
    }

    /// What the response takes along. True if it gets lost.
    pub fn leaves(&self, context: &RequestContext) -> bool {
        match context.session.wish() {
            Some(Wish::Set(pair)) if self.route == RENEWING => {
                self.note(What::renewed(&pair, false));
                let lost = self.timeline.takes_reply(self.session);
                if lost {
                    self.note(What::ReplyLost);
                }
                lost
            }
            Some(Wish::Clear) => {
                self.note(What::SignedOut);
                false
            }
            _ => false,
        }
    }

    fn note(&self, what: What) {
        self.timeline.note(self.session, self.auth.now(), what);
    }
}
