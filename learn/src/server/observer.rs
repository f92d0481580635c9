//! Notes what happens to the sessions that somebody watches on a learning page.

use monban_auth::{SessionId, Timestamp};
use monban_axum::observer::{Delivery, SessionEvent, SessionObserver};
use monban_leptos::server::end_reason;

use super::Timeline;
use crate::What;

/// Polling the timeline is not itself recorded.
const WATCHING: &str = "/api/learn/session_events";

impl SessionObserver for Timeline {
    fn is_observing(&self) -> bool {
        self.is_watching()
    }

    fn observe(
        &self,
        session: SessionId,
        route: &str,
        event: &SessionEvent<'_>,
        at: Timestamp,
    ) -> Delivery {
        if route == WATCHING {
            return Delivery::Sent;
        }
        let route = || route.to_owned();
        let what = match event {
            SessionEvent::Used(generation) => What::Answered {
                route: route(),
                generation: generation.get(),
            },
            SessionEvent::Stale => What::Stale { route: route() },
            SessionEvent::Renewed {
                pair,
                before_rendering,
            } => What::renewed(pair, *before_rendering),
            SessionEvent::Ended(reason) => What::Ended {
                reason: end_reason(*reason),
            },
            SessionEvent::SignedOut => What::SignedOut,
        };
        self.note(session, at, what);
        let renewed = matches!(
            event,
            SessionEvent::Renewed {
                before_rendering: false,
                ..
            }
        );
        if renewed && self.takes_reply(session) {
            self.note(session, at, What::ReplyLost);
            return Delivery::Lost;
        }
        Delivery::Sent
    }
}
