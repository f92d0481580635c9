//! What would open something stays here.

use std::borrow::Cow;

/// What every JSON object begins with in base64, and so every JWT and every flash cookie.
const OBJECT: &str = "eyJ";
/// What stands before a device token, which has no such beginning.
const DEVICE: &str = "_device=";
/// So much of a token is shown: it names its algorithm, nothing more.
const TOKEN: usize = 12;
/// So much of a header is shown.
const HEADER: usize = 160;
/// So much of a body is shown.
const BODY: usize = 600;
/// So much is shown before and after what was looked for, and so often.
const AROUND: usize = 72;
const PLACES: usize = 4;
const CUT: char = '…';

/// A text without its tokens: of each, the first characters stay.
pub fn shorten(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_of_token(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let token = if shown.ends_with(DEVICE) {
            Some(0)
        } else {
            word.find(OBJECT)
        };
        if let Some(start) = token.filter(|start| word.len() - start > TOKEN) {
            shown.push_str(&word[..start + TOKEN]);
            shown.push(CUT);
        } else {
            shown.push_str(word);
        }
        let between = after.find(is_of_token).unwrap_or(after.len());
        shown.push_str(&after[..between]);
        rest = &after[between..];
    }
    shown
}

/// A header's value, without its tokens.
pub fn header(value: &str) -> String {
    cut(&shorten(value), HEADER)
}

/// The beginning of a body, without its tokens and passwords.
pub fn body(text: &str) -> String {
    cut(&without_password(&shorten(text)), BODY)
}

/// The places in a body where that stands, a line each, without their tokens.
pub fn around(text: &str, looked_for: &str) -> String {
    let mut shown = String::new();
    let mut from = 0;
    for (found, _) in text.match_indices(looked_for).take(PLACES) {
        let start = text.floor_char_boundary(found.saturating_sub(AROUND).max(from));
        let end = text.ceil_char_boundary((found + looked_for.len() + AROUND).min(text.len()));
        if start < end && found >= from {
            shown.push(CUT);
            shown.push_str(&shorten(&text[start..end].replace('\n', " ")));
            shown.push(CUT);
            shown.push('\n');
            from = end;
        }
    }
    shown
}

/// A password is the sandbox's own, and yet nobody should get used to seeing one.
fn without_password(text: &str) -> Cow<'_, str> {
    for (name, end) in [("password=", '&'), ("\"password\":\"", '"')] {
        if let Some(found) = text.find(name) {
            let start = found + name.len();
            let end = text[start..]
                .find(end)
                .map_or(text.len(), |end| start + end);
            return Cow::Owned(format!("{}{CUT}{}", &text[..start], &text[end..]));
        }
    }
    Cow::Borrowed(text)
}

const fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    format!("{}{CUT}", &text[..text.floor_char_boundary(most)])
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
    fn of_a_long_text_the_places_looked_for_are_shown() {
        let long = "門".repeat(1000);
        let text = format!("{long}here{TOKEN}{long}here{long}");
        let shown = around(&text, "here");
        assert_eq!(shown.lines().count(), 2, "{shown}");
        assert!(shown.lines().all(|line| line.starts_with("…門")), "{shown}");
        assert!(shown.contains("hereeyJhbGciOiJF…"), "{shown}");
        assert!(!shown.contains(&TOKEN[..20]), "{shown}");
        assert_eq!(around(&long, "here"), "");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let long = "門".repeat(1000);
        assert!(body(&long).ends_with("門…"));
        assert!(body(&long).len() <= BODY + CUT.len_utf8());
    }
}
