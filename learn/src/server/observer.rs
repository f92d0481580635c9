//! Records the events of the sessions that are observed on a learning page.

use monban_auth::{SessionId, Timestamp};
use monban_axum::observer::{Delivery, SessionEvent, SessionObserver};
use monban_leptos::server::end_reason;

use super::Timeline;
use crate::EventKind;

/// Polling the timeline is not itself recorded.
const POLL_ROUTE: &str = "/api/learn/session_events";

impl SessionObserver for Timeline {
    fn is_observing(&self) -> bool {
        self.observes_any()
    }

    fn observe(
        &self,
        session: SessionId,
        route: &str,
        event: &SessionEvent<'_>,
        at: Timestamp,
    ) -> Delivery {
        if route == POLL_ROUTE {
            return Delivery::Sent;
        }
        let route = || route.to_owned();
        let kind = match event {
            SessionEvent::Used(generation) => EventKind::Answered {
                route: route(),
                generation: generation.get(),
            },
            SessionEvent::Stale => EventKind::Stale { route: route() },
            SessionEvent::Renewed {
                pair,
                before_rendering,
            } => EventKind::renewed(pair, *before_rendering),
            SessionEvent::Ended(reason) => EventKind::Ended {
                reason: end_reason(*reason),
            },
            SessionEvent::SignedOut => EventKind::SignedOut,
        };
        self.record(session, at, kind);
        let renewed = matches!(
            event,
            SessionEvent::Renewed {
                before_rendering: false,
                ..
            }
        );
        if renewed && self.take_reply_drop(session) {
            self.record(session, at, EventKind::ReplyLost);
            return Delivery::Lost;
        }
        Delivery::Sent
    }
}
