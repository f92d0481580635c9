//! How long a session stays on its device, and the way that its tokens travel.

use crate::stored::stored_word;

/// How long a session stays on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// "Keep me signed in": the cookies outlive the browser.
    Kept,
    /// The cookies go when the browser closes, and idle life is shorter.
    Browser,
    /// A native or machine client keeps the tokens itself and sends them as Bearer (RFC 6750). Its
    /// idle life is that of a kept session.
    Bearer,
    /// A newer version of this software made the session. This one lets it live and renews nothing.
    Other,
}

impl Persistence {
    const STORED: [Self; 3] = [Self::Kept, Self::Browser, Self::Bearer];

    /// The way that such a session's tokens travel; `None` if it is not known here.
    pub const fn channel(self) -> Option<Channel> {
        match self {
            Self::Kept | Self::Browser => Some(Channel::Cookies),
            Self::Bearer => Some(Channel::Bearer),
            Self::Other => None,
        }
    }

    /// The code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Browser => "browser",
            Self::Bearer => "bearer",
            Self::Other => "other",
        }
    }

    fn from_code(code: &str) -> Self {
        let mut known = Self::STORED.into_iter();
        known.find(|one| one.code() == code).unwrap_or(Self::Other)
    }
}

stored_word!(Persistence);

/// The way that tokens travel. A session keeps to one: what was made for a cookie is refused as
/// Bearer, and the other way round, so that neither endpoint launders the other's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// In `HttpOnly` cookies, which no script can reach.
    Cookies,
    /// In the `Authorization` header and in bodies (RFC 6750).
    Bearer,
}
