//! How cookies are written, and removed.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use axum::http::HeaderValue;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::{Cookie, SameSite, time};
use monban_auth::{Persistence, TokenPair};
use monban_leptos::{
    flash::{Flash, Typed},
    server::Preference,
};

use super::CookieNames;
use crate::settings::Settings;

/// What [`write()`] says of every cookie. Lax and not Strict: a person who arrives from a link in a
/// mail must not look signed out.
const ATTRIBUTES: &str = "HttpOnly; SameSite=Lax; Secure; Path=/";
const FLASH_LIFE: Duration = Duration::from_mins(1);
/// As long as browsers keep any (RFC 6265bis §5.5).
const DEVICE_LIFE: Duration = Duration::from_hours(400 * 24);
const PROBE_LIFE: Duration = Duration::from_mins(10);
const PREFERENCE_LIFE: Duration = Duration::from_hours(8760);
/// A cookie over 4 KiB is dropped by browsers; what was typed may be cut before that.
const MAX_FLASH_BYTES: usize = 3 * 1024;

/// The two cookies of a pair. Kept ones go when their token does, the others with the browser. After a
/// sign-in, the device's too, which outlives every session.
pub fn set_pair(names: &CookieNames, pair: &TokenPair) -> [Option<HeaderValue>; 3] {
    let life = |life| (pair.session.persistence == Persistence::Kept).then_some(life);
    [
        write(
            &names.access,
            pair.access.expose(),
            life(pair.access_expires_in),
        ),
        write(
            &names.refresh,
            pair.refresh.expose(),
            life(pair.refresh_expires_in),
        ),
        pair.device
            .as_ref()
            .and_then(|device| write(&names.device, device.expose(), Some(DEVICE_LIFE))),
    ]
}

/// An auth cookie of a site, without a value.
#[derive(Clone, Debug)]
pub struct AuthCookie {
    /// Its name.
    pub name: Arc<str>,
    /// The attributes with which it is set.
    pub attributes: &'static str,
}

/// The auth cookies of a site with these settings: the access token's and the refresh token's.
pub fn auth_cookies(settings: &Settings) -> [AuthCookie; 2] {
    let CookieNames {
        access, refresh, ..
    } = CookieNames::new(&settings.server.cookie_name);
    [access, refresh].map(|name| AuthCookie {
        name,
        attributes: ATTRIBUTES,
    })
}

/// Shows, when it comes back, that this browser keeps cookies.
pub fn set_probe(names: &CookieNames) -> Option<HeaderValue> {
    write(&names.probe, "1", Some(PROBE_LIFE))
}

/// Removes a cookie.
pub fn remove(name: &str) -> Option<HeaderValue> {
    write(name, "", Some(Duration::ZERO))
}

/// Removes both auth cookies, from this host and from each domain above it, where a browser that does
/// not keep the promise of `__Host-` lets its sites put them. Others refuse such a removal, which is no
/// loss: they refuse such a cookie, too.
pub fn remove_from_domains(names: &CookieNames, origin: &str) -> Vec<Option<HeaderValue>> {
    let host = origin.split("://").last().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let is_name = host.ends_with(|c: char| c.is_ascii_alphabetic());
    let above = host
        .match_indices('.')
        .map(|(dot, _)| &host[dot + 1..])
        .filter(|domain| domain.contains('.'));
    let domains: Vec<&str> = std::iter::once(host)
        .chain(above)
        .filter(|domain| is_name && domain.contains('.'))
        .collect();
    [&names.access, &names.refresh]
        .into_iter()
        .flat_map(|name| {
            let from = |domain: &&str| write_for(name, "", Some(Duration::ZERO), Some(domain));
            let mut all: Vec<_> = domains.iter().map(from).collect();
            all.push(remove(name));
            all
        })
        .collect()
}

/// Remembers that the person was notified of the end of this token's session.
pub fn set_ended_notice(names: &CookieNames, token: &str) -> Option<HeaderValue> {
    write(&names.ended_notice, &name_of(token), Some(PREFERENCE_LIFE))
}

/// A short name for a token, from which nothing can be had.
pub(super) fn name_of(token: &str) -> String {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Remembers a preference. It opens nothing, yet no script needs it.
pub fn set_preference(names: &CookieNames, preference: Preference) -> Option<HeaderValue> {
    let (name, value) = match preference {
        Preference::Language(language) => (&names.language, language.tag()),
        Preference::Theme(theme) => (&names.theme, theme.name()),
    };
    write(name, value, Some(PREFERENCE_LIFE))
}

/// Leaves something for the next page.
pub fn set_flash(names: &CookieNames, flash: &Flash) -> Option<HeaderValue> {
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
        flash.draft = None;
        value = encode(&flash)?;
    }
    write(&names.flash, &value, Some(FLASH_LIFE))
}

fn write(name: &str, value: &str, life: Option<Duration>) -> Option<HeaderValue> {
    write_for(name, value, life, None)
}

fn write_for(
    name: &str,
    value: &str,
    life: Option<Duration>,
    domain: Option<&str>,
) -> Option<HeaderValue> {
    let mut cookie = Cookie::build((name, value))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(true)
        .path("/")
        .build();
    if let Some(domain) = domain {
        cookie.set_domain(domain);
    }
    if let Some(life) = life {
        // Rounded up: a cookie whose last second is cut off would be removed instead of set.
        let seconds = life.as_millis().div_ceil(1000).try_into().ok()?;
        cookie.set_max_age(time::Duration::seconds(seconds));
    }
    let mut value = HeaderValue::try_from(cookie.to_string()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};
    use monban_leptos::{error::AppError, flash::RefusedForm, sign_in, sign_up};

    use super::*;
    use crate::http::cookies::Cookies;

    #[test]
    fn every_cookie_carries_these_attributes() {
        assert_eq!(
            write("a", "b", None).unwrap(),
            format!("a=b; {ATTRIBUTES}").as_str()
        );
        assert_eq!(
            write("a", "b", Some(Duration::from_millis(1))).unwrap(),
            format!("a=b; {ATTRIBUTES}; Max-Age=1").as_str()
        );
    }

    #[test]
    fn a_cookie_of_another_site_is_removed_from_every_domain_that_it_can_be_of() {
        let domains = |origin| -> Vec<String> {
            remove_from_domains(&CookieNames::default(), origin)
                .into_iter()
                .flatten()
                .map(|cookie| String::from_utf8(cookie.as_bytes().to_vec()).unwrap())
                .filter(|cookie| cookie.starts_with("__Host-monban_access=; "))
                .map(|cookie| {
                    let domain = cookie.split("Domain=").nth(1).unwrap_or_default();
                    domain.split(';').next().unwrap_or_default().to_owned()
                })
                .collect()
        };
        assert_eq!(
            domains("https://a.b.example.com:8443"),
            ["a.b.example.com", "b.example.com", "example.com", ""]
        );
        assert_eq!(domains("https://example.com"), ["example.com", ""]);
        for host in [
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert_eq!(domains(host), [""], "{host}");
        }
    }

    #[test]
    fn a_flash_survives_the_cookie() {
        let error = AppError::InvalidCredentials;
        let typed = sign_in::FORM.typed_in(&[("email", "門番@example.com")]);
        let form = Some(RefusedForm {
            form: sign_in::FORM.id().into(),
            error,
            typed,
        });
        let flash = Flash {
            form,
            ..Flash::default()
        };
        let names = CookieNames::default();
        let cookie = set_flash(&names, &flash).unwrap();
        let pair = cookie.as_bytes().split(|byte| *byte == b';').next();
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_bytes(pair.unwrap()).unwrap(),
        )]);
        assert_eq!(Cookies::of(&headers, &names).flash(), Some(flash));
    }

    #[test]
    fn a_flash_never_grows_over_what_browsers_keep() {
        let typed = sign_up::FORM.typed_in(&[("name", &"x".repeat(60_000))]);
        let form = Some(RefusedForm {
            form: sign_up::FORM.id().into(),
            error: AppError::Busy,
            typed,
        });
        let cookie = set_flash(
            &CookieNames::default(),
            &Flash {
                form,
                ..Flash::default()
            },
        )
        .unwrap();
        assert!(cookie.len() < 4096, "{}", cookie.len());
    }
}
