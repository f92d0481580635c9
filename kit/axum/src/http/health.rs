//! Health checks, for monitors and load balancers.

use std::fmt::Write;

use axum::{extract::State, http::StatusCode};

use crate::{background::UnhealthyPart, state::AppState};

/// `/healthz`: the process answers.
pub async fn healthz() -> &'static str {
    "alive\n"
}

/// `/readyz`: whether people may be sent here, and which part of the [work in the
/// background](crate::background) is unhealthy. Costs a look at memory, as it may be called often.
pub async fn readyz(State(state): State<AppState>) -> (StatusCode, String) {
    if state.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n".to_owned());
    }
    report(&state.health.unhealthy(&state.auth))
}

fn report(unhealthy: &[UnhealthyPart]) -> (StatusCode, String) {
    let (status, word) = if unhealthy.iter().any(|unhealthy| unhealthy.required) {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    } else {
        (StatusCode::OK, "ready")
    };
    let mut body = format!("{word}\n");
    for UnhealthyPart { part, since, .. } in unhealthy {
        let _ = writeln!(body, "{part}: last well {} s ago", since.as_secs());
    }
    (status, body)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_others_have_no_remedy_for_is_only_named() {
        let unhealthy = |part, required| UnhealthyPart {
            part,
            since: Duration::from_millis(61_500),
            required,
        };
        let report = |unhealthy: &[UnhealthyPart]| {
            let (status, body) = report(unhealthy);
            (status.as_u16(), body)
        };
        assert_eq!(report(&[]), (200, "ready\n".to_owned()));
        assert_eq!(
            report(&[unhealthy("changes", false)]),
            (200, "ready\nchanges: last well 61 s ago\n".to_owned())
        );
        assert_eq!(
            report(&[unhealthy("writer", true), unhealthy("changes", false)]),
            (
                503,
                "not ready\nwriter: last well 61 s ago\nchanges: last well 61 s ago\n".to_owned()
            )
        );
    }
}
