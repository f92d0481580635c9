//! The cookies: their names, how they are read, how they are written.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use monban_app::{
    flash::{Flash, Typed},
    server::AuthCookie,
};
use monban_auth::{Persistence, TokenPair};

/// The access token's cookie.
pub const ACCESS: &str = "__Host-monban_access";
/// The refresh token's cookie.
pub const REFRESH: &str = "__Host-monban_refresh";
/// What the next page should show.
pub const FLASH: &str = "__Host-monban_flash";
/// Which dead session the person has been told about.
pub const TOLD: &str = "__Host-monban_told";
/// The language chosen in this browser.
pub const LANGUAGE: &str = "monban_language";
/// The theme chosen in this browser.
pub const THEME: &str = "monban_theme";

/// `__Host-` binds a cookie to this host and to `Path=/` (RFC 6265bis §4.1.3.2). Lax and not Strict:
/// somebody who arrives from a link in a mail must not look signed out.
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";
const FLASH_LIFE: Duration = Duration::from_mins(1);
const PREFERENCE_LIFE: Duration = Duration::from_hours(8760);
/// A cookie over 4 KiB is dropped by browsers; what was typed may be cut before that.
const MAX_FLASH_BYTES: usize = 3 * 1024;

/// The cookies of this server that a request brought. Of several by one name the first: browsers
/// send the one with the longest path first (RFC 6265bis §5.8.3), and `__Host-` leaves only one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cookies<'a> {
    /// The access token.
    pub access: Option<&'a str>,
    /// The refresh token.
    pub refresh: Option<&'a str>,
    /// The language chosen.
    pub language: Option<&'a str>,
    /// The theme chosen.
    pub theme: Option<&'a str>,
    flash: Option<&'a str>,
    told: Option<&'a str>,
}

impl<'a> Cookies<'a> {
    /// Reads them in one go: a hundred times a second for one person, the header is a kilobyte long.
    pub fn of(headers: &'a HeaderMap) -> Self {
        let mut cookies = Self::default();
        let pairs = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim_start().split_once('='));
        for (name, value) in pairs {
            let place = match name {
                ACCESS => &mut cookies.access,
                REFRESH => &mut cookies.refresh,
                FLASH => &mut cookies.flash,
                TOLD => &mut cookies.told,
                LANGUAGE => &mut cookies.language,
                THEME => &mut cookies.theme,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        cookies
    }

    /// What the last response left. A cookie that cannot be read says nothing.
    pub fn flash(&self) -> Option<Flash> {
        let json = URL_SAFE_NO_PAD.decode(self.flash?).ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// Whether the person was told what became of the session of this token.
    pub fn was_told(&self, token: &str) -> bool {
        self.told == Some(&name_of(token))
    }
}

/// The two cookies of a pair. Kept ones go when their token does, the others with the browser.
pub fn set_pair(pair: &TokenPair) -> [Option<HeaderValue>; 2] {
    let life = |life| (pair.session.persistence == Persistence::Kept).then_some(life);
    [
        write(ACCESS, pair.access.expose(), life(pair.access_expires_in)),
        write(
            REFRESH,
            pair.refresh.expose(),
            life(pair.refresh_expires_in),
        ),
    ]
}

/// The auth cookies as the browser holds them: those of a new pair, else those that it sent.
pub fn facts(sent: &Cookies<'_>, pair: Option<&TokenPair>) -> [AuthCookie; 2] {
    let (access, refresh) = match pair {
        Some(pair) => (Some(pair.access.expose()), Some(pair.refresh.expose())),
        None => (sent.access, sent.refresh),
    };
    [(ACCESS, access), (REFRESH, refresh)].map(|(name, value)| AuthCookie {
        name,
        attributes: ATTRIBUTES,
        bytes: name.len() + 1 + value.map_or(0, str::len),
    })
}

/// Removes a cookie.
pub fn remove(name: &str) -> Option<HeaderValue> {
    write(name, "", Some(Duration::ZERO))
}

/// Remembers that the person was told what became of the session of this token.
pub fn set_told(token: &str) -> Option<HeaderValue> {
    write(TOLD, &name_of(token), Some(PREFERENCE_LIFE))
}

/// A short name for a token, from which nothing can be had.
fn name_of(token: &str) -> String {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Remembers a preference. It opens nothing, yet no script needs it.
pub fn set_preference(name: &str, value: &str) -> Option<HeaderValue> {
    write(name, value, Some(PREFERENCE_LIFE))
}

/// Leaves something for the next page.
pub fn set_flash(flash: &Flash) -> Option<HeaderValue> {
    let encode = |flash: &Flash| {
        serde_json::to_vec(flash)
            .ok()
            .map(|json| URL_SAFE_NO_PAD.encode(json))
    };
    let mut value = encode(flash)?;
    if value.len() > MAX_FLASH_BYTES {
        let mut flash = flash.clone();
        if let Some(form) = &mut flash.form {
            form.typed = Typed::default();
        }
        value = encode(&flash)?;
    }
    write(FLASH, &value, Some(FLASH_LIFE))
}

fn write(name: &str, value: &str, life: Option<Duration>) -> Option<HeaderValue> {
    // Rounded up: a cookie whose last second is cut off would be removed instead of set.
    let seconds = |life: Duration| life.as_millis().div_ceil(1000);
    let life = life
        .map(|life| format!("; Max-Age={}", seconds(life)))
        .unwrap_or_default();
    let mut value = HeaderValue::try_from(format!("{name}={value}; {ATTRIBUTES}{life}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use monban_app::{
        error::AppError,
        flash::{FormId, RefusedForm},
    };

    use super::*;

    fn headers(cookies: &[&'static str]) -> HeaderMap {
        cookies
            .iter()
            .map(|value| (header::COOKIE, HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = headers(&[
            "a=1; x__Host-monban_access=no; __Host-monban_access=yes; __Host-monban_access=late",
            "monban_theme=dark",
        ]);
        let cookies = Cookies::of(&headers);
        assert_eq!(cookies.access, Some("yes"));
        assert_eq!(cookies.theme, Some("dark"));
        assert_eq!(cookies.refresh, None);
    }

    #[test]
    fn a_flash_survives_the_cookie() {
        let error = AppError::InvalidCredentials;
        let typed = Typed {
            email: "門番@example.com".into(),
            ..Typed::default()
        };
        let form = Some(RefusedForm {
            form: FormId::SignIn,
            error,
            typed,
        });
        let flash = Flash { notice: None, form };
        let cookie = set_flash(&flash).unwrap();
        let value = cookie
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let headers =
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(value).unwrap())]);
        assert_eq!(Cookies::of(&headers).flash(), Some(flash));
    }

    #[test]
    fn a_flash_never_grows_over_what_browsers_keep() {
        let typed = Typed {
            name: "x".repeat(60_000),
            ..Typed::default()
        };
        let form = Some(RefusedForm {
            form: FormId::SignUp,
            error: AppError::Busy,
            typed,
        });
        let cookie = set_flash(&Flash { notice: None, form }).unwrap();
        assert!(cookie.len() < 4096, "{}", cookie.len());
    }

    #[test]
    fn nonsense_in_the_flash_cookie_says_nothing() {
        for value in [
            "__Host-monban_flash=",
            "__Host-monban_flash=!!",
            "__Host-monban_flash=e30x",
        ] {
            assert_eq!(Cookies::of(&headers(&[value])).flash(), None, "{value}");
        }
    }
}
