//! What goes over the wire to a page. Holds no token, no hash and no id that opens anything.

use serde::{Deserialize, Serialize};

/// The account of the person who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// An opaque id.
    pub id: String,
    /// What to call the person.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Member since.
    pub created_at: InstantView,
    /// Its roles.
    pub roles: Vec<String>,
}

/// The role of those who run the site.
pub const ADMIN: &str = "admin";

impl AccountView {
    /// Whether it has that role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|name| name == role)
    }
}

/// A key that access tokens are signed with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKeyView {
    /// Its name.
    pub kid: String,
    /// Its algorithm.
    pub alg: String,
    /// Where it stands in its life: `published`, `signing`, `verifying`, `retired` or `gone`.
    pub state: String,
    /// When it starts to sign, or did.
    pub signs_at: InstantView,
}

/// Who a request comes from, by its access token alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoIsHere {
    /// The account's id.
    pub account_id: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// When the access token expires, in seconds since 1970.
    pub expires_at: i64,
}

/// One place where the person is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// What to end it by.
    pub id: String,
    /// What a native client calls its device.
    pub device: Option<String>,
    /// The browser, in words.
    pub browser: Option<String>,
    /// The system it runs on, in words.
    pub os: Option<String>,
    /// The address it last refreshed from.
    pub ip: String,
    /// When the person signed in.
    pub signed_in_at: InstantView,
    /// When it was last seen.
    pub seen_at: InstantView,
    /// Whether it is the asker's own.
    pub current: bool,
}

/// An instant in words, in UTC. Put into words on the server, which has a calendar anyway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstantView {
    /// For machines (RFC 3339).
    pub iso: String,
    /// The day, in English.
    pub day_en: String,
    /// The day, in Japanese.
    pub day_ja: String,
    /// The time of day.
    pub time: String,
}
