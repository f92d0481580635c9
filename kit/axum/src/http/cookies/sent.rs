//! Which of this server's cookies a request brought.

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::Cookie;
use monban_leptos::flash::Flash;

use super::{CookieNames, set::name_of};

/// So many different auth cookies of one name are read; one more says that there are too many.
pub const MAX_OF_ONE_NAME: usize = 16;

/// The cookies of this server that a request brought. Of several by one name the first: browsers
/// send the one with the longest path first (RFC 6265bis §5.8.3). Auth cookies are all kept, because
/// the first may not be the person's.
#[derive(Clone, Debug, Default)]
pub struct Cookies<'a> {
    /// The access tokens, each once: in a browser that keeps the promise of `__Host-`, one.
    pub access: Vec<&'a str>,
    /// The refresh tokens, in the same way.
    pub refresh: Vec<&'a str>,
    /// What a sign-in left in this browser.
    pub device: Option<&'a str>,
    /// The language chosen.
    pub language: Option<&'a str>,
    /// The theme chosen.
    pub theme: Option<&'a str>,
    flash: Option<&'a str>,
    ended_notice: Option<&'a str>,
    /// What shows that this browser keeps cookies.
    pub probe: Option<&'a str>,
}

impl<'a> Cookies<'a> {
    /// Reads them pair by pair, from bytes: whatever a foreign cookie holds, ours are read.
    pub fn of(headers: &'a HeaderMap, names: &CookieNames) -> Self {
        let mut cookies = Self::default();
        let pairs = headers
            .get_all(header::COOKIE)
            .iter()
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
            .filter_map(read_pair);
        for (name, value) in pairs {
            let place = match name {
                _ if *name == *names.access => {
                    add(&mut cookies.access, value);
                    continue;
                }
                _ if *name == *names.refresh => {
                    add(&mut cookies.refresh, value);
                    continue;
                }
                _ if *name == *names.flash => &mut cookies.flash,
                _ if *name == *names.ended_notice => &mut cookies.ended_notice,
                _ if *name == *names.device => &mut cookies.device,
                _ if *name == *names.probe => &mut cookies.probe,
                _ if *name == *names.language => &mut cookies.language,
                _ if *name == *names.theme => &mut cookies.theme,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        cookies
    }

    /// Whether there is any, and so a browser that keeps what it is given.
    pub fn any(&self) -> bool {
        let Self {
            access,
            refresh,
            device,
            language,
            theme,
            flash,
            ended_notice,
            probe,
        } = self;
        let others = [device, language, theme, flash, ended_notice, probe];
        !access.is_empty() || !refresh.is_empty() || others.iter().any(|cookie| cookie.is_some())
    }

    /// What the last response left. A cookie that cannot be read says nothing.
    pub fn flash(&self) -> Option<Flash> {
        let json = URL_SAFE_NO_PAD.decode(self.flash?).ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// Whether the person was notified of the end of this token's session.
    pub fn was_notified(&self, token: &str) -> bool {
        self.ended_notice == Some(&name_of(token))
    }
}

fn add<'a>(tokens: &mut Vec<&'a str>, token: &'a str) {
    if tokens.len() <= MAX_OF_ONE_NAME && !tokens.contains(&token) {
        tokens.push(token);
    }
}

/// Name and value of one pair. The library takes away what Unicode calls white space; a browser does
/// not, so that a name with such a character in front is another one to it, without the promise of
/// `__Host-`, and must be another one here.
fn read_pair(pair: &[u8]) -> Option<(&str, &str)> {
    let pair = str::from_utf8(pair.trim_ascii()).ok()?;
    let cookie = Cookie::parse(pair).ok()?;
    let (name, value) = (cookie.name_raw()?, cookie.value_raw()?);
    let rest = pair.strip_prefix(name)?;
    rest.starts_with('=').then_some((name, value))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(lines: &[&[u8]]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (header::COOKIE, HeaderValue::from_bytes(line).unwrap()))
            .collect()
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = headers(&[
            b"a=1; x__Host-monban_access=no; __Host-monban_access=yes; __Host-monban_access=late",
            b"monban_theme=dark",
        ]);
        let cookies = Cookies::of(&headers, &CookieNames::default());
        assert_eq!(cookies.access, ["yes", "late"]);
        assert_eq!(cookies.theme, Some("dark"));
        assert!(cookies.refresh.is_empty());
    }

    #[test]
    fn what_others_wrote_never_hides_what_is_ours() {
        for line in [
            &b"x=\xc3\xa9; __Host-monban_access=yes"[..],
            b"x=\xff; __Host-monban_access=yes; y=\x80",
            b"\xe9\x96\x80=\xe7\x95\xaa;__Host-monban_access=yes",
            b"; ;=;==; no value;\t__Host-monban_access=yes\t; =",
            b"x=%ff%; __Host-monban_access=yes",
            b"monban_language=\xff; __Host-monban_access=yes; monban_theme=\xe9",
            b"x=\"; __Host-monban_access=yes; y=\"",
        ] {
            let headers = headers(&[line]);
            let cookies = Cookies::of(&headers, &CookieNames::default());
            assert_eq!(cookies.access, ["yes"], "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn a_name_that_only_looks_like_ours_is_another_one() {
        for name in [
            "\u{a0}__Host-monban_access",
            "\u{2003}__Host-monban_access",
            "\u{3000}__Host-monban_access",
            "__Host-monban_access\u{2003}",
            "__host-monban_access",
            "%5F_Host-monban_access",
            "__Host-monban_access%20",
        ] {
            let headers = headers(&[format!("{name}=no").as_bytes()]);
            let cookies = Cookies::of(&headers, &CookieNames::default());
            assert!(cookies.access.is_empty(), "{name}");
        }
    }

    #[test]
    fn of_one_name_each_value_counts_once_and_too_many_are_told() {
        let same = vec!["__Host-monban_refresh=same"; 1_000].join("; ");
        let headers = headers(&[same.as_bytes()]);
        let names = CookieNames::default();
        assert_eq!(Cookies::of(&headers, &names).refresh, ["same"]);
        let many: Vec<_> = (0..1_000)
            .map(|number| format!("__Host-monban_refresh={number}"))
            .collect();
        let headers = self::headers(&[many.join("; ").as_bytes()]);
        let read = Cookies::of(&headers, &names).refresh.len();
        assert_eq!(read, MAX_OF_ONE_NAME + 1);
    }

    #[test]
    fn nonsense_in_the_flash_cookie_says_nothing() {
        for value in [
            "__Host-monban_flash=",
            "__Host-monban_flash=!!",
            "__Host-monban_flash=e30x",
        ] {
            let headers = headers(&[value.as_bytes()]);
            let cookies = Cookies::of(&headers, &CookieNames::default());
            assert_eq!(cookies.flash(), None, "{value}");
        }
    }
}
