//! The lives of tokens and sessions.

use std::time::Duration;

use monban_auth::{Grace, Lifetimes};

use super::super::{Settings, Together};

crate::settings_section! {
    /// How long tokens and sessions live.
    pub struct SessionSettings in "Sessions and tokens" {
        /// Lifetime of an access token (`exp`, RFC 7519 §4.1.4).
        access_ttl: Duration = "5m" in "1s"..="1h";

        /// Lifetime of an unused session when "Keep me signed in" is on or the client is a native
        /// one, at least `access_ttl`; browsers keep no cookie longer than 400 days (RFC 6265bis
        /// §5.5).
        refresh_idle_ttl: Duration = "30d" in "1s"..="400d";

        /// Lifetime of a session however much it is used, at least `refresh_idle_ttl`; after that,
        /// the person has to sign in again.
        refresh_absolute_ttl: Duration = "90d" in "1s"..="3650d";

        /// Lifetime of an unused session when "Keep me signed in" is off, at least `access_ttl`.
        session_idle_ttl: Duration = "12h" in "1s"..="400d";

        /// How long after a refresh the previous refresh token still gets the same answer, so that
        /// racing tabs agree; `0s` is strict.
        refresh_window: Duration = "30s" in "0s"..="5m";

        /// How long the previous refresh token stays good for a browser that never used the new one,
        /// because the reply was lost; `0s` is strict.
        refresh_unseen_cap: Duration = "10m" in "0s"..="24h";

        /// The same for a native or machine client of the REST API, which may lose the network for
        /// hours; `0s` is strict.
        refresh_unseen_cap_bearer: Duration = "1d" in "0s"..="7d";

        /// After hearing nothing from other nodes for this long, a node asks the database on each
        /// request whether its session has ended.
        revocation_staleness: Duration = "5s" in "3s"..="1m";

        /// How long ended sessions and audit entries are kept.
        retention: Duration = "90d" in "1d"..="3650d";
    }
    together: together;
}

impl From<&SessionSettings> for Lifetimes {
    fn from(settings: &SessionSettings) -> Self {
        Self {
            access: settings.access_ttl,
            idle_kept: settings.refresh_idle_ttl,
            idle_browser: settings.session_idle_ttl,
            absolute: settings.refresh_absolute_ttl,
        }
    }
}

impl From<&SessionSettings> for Grace {
    fn from(settings: &SessionSettings) -> Self {
        Self {
            window: settings.refresh_window,
            unseen_cap: settings.refresh_unseen_cap,
        }
    }
}

fn together(sessions: &SessionSettings, _: &Settings) -> Vec<Together> {
    let not_shorter = |key, other, kept| Together {
        key,
        rule: "not be shorter than",
        other,
        kept,
    };
    vec![
        not_shorter(
            "refresh_idle_ttl",
            "access_ttl",
            sessions.refresh_idle_ttl >= sessions.access_ttl,
        ),
        not_shorter(
            "session_idle_ttl",
            "access_ttl",
            sessions.session_idle_ttl >= sessions.access_ttl,
        ),
        not_shorter(
            "refresh_absolute_ttl",
            "refresh_idle_ttl",
            sessions.refresh_absolute_ttl >= sessions.refresh_idle_ttl,
        ),
    ]
}
