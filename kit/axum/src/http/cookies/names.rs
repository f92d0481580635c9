//! What the cookies of this instance are called.

use std::sync::Arc;

use crate::settings::CookieName;

/// The names of the cookies of one instance. Browsers share cookies between all ports of a host, so
/// that two instances on one host need different ones.
#[derive(Clone, Debug)]
pub struct CookieNames {
    /// The access token's cookie.
    pub access: Arc<str>,
    /// The refresh token's cookie.
    pub refresh: Arc<str>,
    /// What the next page should show.
    pub flash: Arc<str>,
    /// The session whose end the person has been notified of.
    pub ended_notice: Arc<str>,
    /// That this browser has signed in to an account before.
    pub device: Arc<str>,
    /// What shows that this browser keeps cookies.
    pub probe: Arc<str>,
    /// The language chosen in this browser.
    pub language: Arc<str>,
    /// The theme chosen in this browser.
    pub theme: Arc<str>,
}

impl CookieNames {
    /// The names that begin so. `__Host-` binds a cookie to this host and to `Path=/` (RFC 6265bis
    /// §4.1.3.2).
    pub fn new(name: &CookieName) -> Self {
        let name = name.as_str();
        Self {
            access: format!("__Host-{name}_access").into(),
            refresh: format!("__Host-{name}_refresh").into(),
            flash: format!("__Host-{name}_flash").into(),
            ended_notice: format!("__Host-{name}_told").into(),
            device: format!("__Host-{name}_device").into(),
            probe: format!("__Host-{name}_probe").into(),
            language: format!("{name}_language").into(),
            theme: format!("{name}_theme").into(),
        }
    }
}

impl Default for CookieNames {
    fn default() -> Self {
        Self::new(&CookieName::default())
    }
}
