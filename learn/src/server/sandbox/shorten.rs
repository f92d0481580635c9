//! Removes tokens and passwords from what is shown, and shortens long texts.

use std::borrow::Cow;

/// What every JSON object begins with in base64, and so every JWT and every flash cookie.
const JSON_PREFIX: &str = "eyJ";
/// What precedes a device token, which does not begin like that.
const DEVICE_COOKIE: &str = "_device=";
/// The characters of a token that are shown: they name its algorithm, nothing more.
const MAX_TOKEN: usize = 12;
/// The bytes of a header's value that are shown.
const MAX_HEADER: usize = 160;
/// The bytes of a body that are shown.
const MAX_BODY: usize = 600;
/// The bytes of an excerpt before and after the text that was searched for.
const EXCERPT_CONTEXT: usize = 72;
/// The number of excerpts of one body.
const MAX_EXCERPTS: usize = 4;
/// What stands where something was left out.
const ELLIPSIS: char = '…';

/// The text with its tokens shortened: of each, the first characters stay.
pub fn shorten(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_token_char(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let token = if shown.ends_with(DEVICE_COOKIE) {
            Some(0)
        } else {
            word.find(JSON_PREFIX)
        };
        if let Some(start) = token.filter(|start| word.len() - start > MAX_TOKEN) {
            shown.push_str(&word[..start + MAX_TOKEN]);
            shown.push(ELLIPSIS);
        } else {
            shown.push_str(word);
        }
        let between = after.find(is_token_char).unwrap_or(after.len());
        shown.push_str(&after[..between]);
        rest = &after[between..];
    }
    shown
}

/// The beginning of a header's value, its tokens shortened.
pub fn header(value: &str) -> String {
    cut(&shorten(value), MAX_HEADER)
}

/// The beginning of a body, its tokens shortened and its password removed.
pub fn body(text: &str) -> String {
    cut(&without_password(&shorten(text)), MAX_BODY)
}

/// The places in a body where the searched text occurs, one line each, their tokens shortened.
pub fn excerpts(text: &str, searched: &str) -> String {
    let mut shown = String::new();
    let mut from = 0;
    for (found, _) in text.match_indices(searched).take(MAX_EXCERPTS) {
        let start = text.floor_char_boundary(found.saturating_sub(EXCERPT_CONTEXT).max(from));
        let end =
            text.ceil_char_boundary((found + searched.len() + EXCERPT_CONTEXT).min(text.len()));
        if start < end && found >= from {
            shown.push(ELLIPSIS);
            shown.push_str(&shorten(&text[start..end].replace('\n', " ")));
            shown.push(ELLIPSIS);
            shown.push('\n');
            from = end;
        }
    }
    shown
}

/// The text without its password. It is worthless outside the sandbox, but no page should show one.
fn without_password(text: &str) -> Cow<'_, str> {
    for (name, end) in [("password=", '&'), ("\"password\":\"", '"')] {
        if let Some(found) = text.find(name) {
            let start = found + name.len();
            let end = text[start..]
                .find(end)
                .map_or(text.len(), |end| start + end);
            return Cow::Owned(format!("{}{ELLIPSIS}{}", &text[..start], &text[end..]));
        }
    }
    Cow::Borrowed(text)
}

const fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// At most that many bytes of the text, cut between characters.
fn cut(text: &str, max_bytes: usize) -> String {
    if text.len() <= max_bytes {
        return text.to_owned();
    }
    format!("{}{ELLIPSIS}", &text[..text.floor_char_boundary(max_bytes)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJlLW9mLXNvLW1hbnktYnl0ZXM";

    #[test]
    fn of_a_token_only_the_first_characters_stay() {
        let cookie = format!("__Host-monban_access={TOKEN}; Path=/; Max-Age=300");
        assert_eq!(
            header(&cookie),
            "__Host-monban_access=eyJhbGciOiJF…; Path=/; Max-Age=300"
        );
        let device = format!("__Host-monban_device={}; Path=/", "A1-_".repeat(16));
        assert_eq!(
            header(&device),
            "__Host-monban_device=A1-_A1-_A1-_…; Path=/"
        );
        assert_eq!(header(&format!("Bearer {TOKEN}")), "Bearer eyJhbGciOiJF…");
        let both = body(&format!(
            r#"{{"access_token":"{TOKEN}","refresh_token":"{TOKEN}"}}"#
        ));
        assert_eq!(
            both,
            r#"{"access_token":"eyJhbGciOiJF…","refresh_token":"eyJhbGciOiJF…"}"#
        );
        assert_eq!(
            shorten(&format!("x-{TOKEN}.門{TOKEN}")),
            "x-eyJhbGciOiJF…門eyJhbGciOiJF…"
        );
    }

    #[test]
    fn what_is_no_token_stays() {
        for text in [
            "",
            "門番",
            "private, no-store",
            "eyJ",
            "/api/sign_up?next=%2Faccount",
            "01a1ffea-0f43-70d0-afdc-972502c7febe",
        ] {
            assert_eq!(shorten(text), text);
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(
            body("email=a&password=secret&keep=true"),
            "email=a&password=…&keep=true"
        );
        assert_eq!(
            body(r#"{"password":"secret","x":1}"#),
            r#"{"password":"…","x":1}"#
        );
        assert_eq!(body("password=secret"), "password=…");
    }

    #[test]
    fn of_a_long_text_the_places_searched_for_are_shown() {
        let long = "門".repeat(1000);
        let text = format!("{long}here{TOKEN}{long}here{long}");
        let shown = excerpts(&text, "here");
        assert_eq!(shown.lines().count(), 2, "{shown}");
        assert!(shown.lines().all(|line| line.starts_with("…門")), "{shown}");
        assert!(shown.contains("hereeyJhbGciOiJF…"), "{shown}");
        assert!(!shown.contains(&TOKEN[..20]), "{shown}");
        assert_eq!(excerpts(&long, "here"), "");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let long = "門".repeat(1000);
        assert!(body(&long).ends_with("門…"));
        assert!(body(&long).len() <= MAX_BODY + ELLIPSIS.len_utf8());
    }
}
