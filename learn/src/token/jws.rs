//! A token as text: taken apart, and put together again. Nothing here needs a key, and that is the
//! point of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Deserializer, Map, Serializer, Value, ser::Formatter};

/// The three segments of a compact JWS (RFC 7515 §3.1), as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Segments {
    pub(super) header: String,
    pub(super) payload: String,
    pub(super) signature: String,
}

impl Segments {
    /// What stands between the first two dots; whatever comes after them is the signature.
    pub(super) fn of(token: &str) -> Self {
        let mut segments = token.trim().splitn(3, '.').map(str::to_owned);
        let mut next = || segments.next().unwrap_or_default();
        Self {
            header: next(),
            payload: next(),
            signature: next(),
        }
    }

    pub(super) fn token(&self) -> String {
        format!("{}.{}.{}", self.header, self.payload, self.signature)
    }
}

/// The text of a segment, laid out if it is JSON. `None` if it is no base64url, or no text.
pub(super) fn read(segment: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(segment).ok()?).ok()?;
    let mut laid_out = Vec::new();
    let as_it_is = rewrite(&text, &mut Serializer::pretty(&mut laid_out)).is_none();
    Some(if as_it_is {
        text
    } else {
        String::from_utf8(laid_out).ok()?
    })
}

/// A segment with that text, without the layout if it is JSON.
pub(super) fn write(text: &str) -> String {
    let mut compact = Vec::new();
    match rewrite(text, &mut Serializer::new(&mut compact)) {
        Some(()) => URL_SAFE_NO_PAD.encode(compact),
        None => URL_SAFE_NO_PAD.encode(text),
    }
}

/// Writes the JSON in another layout, its members in their order.
fn rewrite<F: Formatter>(text: &str, to: &mut Serializer<&mut Vec<u8>, F>) -> Option<()> {
    let mut from = Deserializer::from_str(text);
    serde_transcode::transcode(&mut from, to).ok()?;
    from.end().ok()
}

/// The members of a JSON object; none if the text is none.
pub(super) fn members(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}

/// That header, with another algorithm.
pub(super) fn with_alg(header: &str, alg: &str) -> String {
    let mut members = members(header);
    members.insert("alg".to_owned(), alg.into());
    let mut laid_out = Vec::new();
    let text = Value::Object(members).to_string();
    rewrite(&text, &mut Serializer::pretty(&mut laid_out));
    String::from_utf8(laid_out).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_apart_and_together_again() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiLploDnlaoiLCJhIjoxfQ.c2ln";
        let segments = Segments::of(token);
        assert_eq!(segments.token(), token);
        let payload = read(&segments.payload).unwrap();
        assert_eq!(payload, "{\n  \"sub\": \"門番\",\n  \"a\": 1\n}");
        assert_eq!(write(&payload), segments.payload);
    }

    #[test]
    fn what_is_no_json_and_no_base64url_is_told_apart() {
        assert_eq!(read(&write("half a {")).unwrap(), "half a {");
        assert_eq!(read("?"), None);
        assert_eq!(Segments::of("one").payload, "");
        assert_eq!(Segments::of("a.b.c.d").signature, "c.d");
    }

    #[test]
    fn the_algorithm_of_a_header_can_be_changed() {
        let changed = with_alg(r#"{"typ":"at+jwt","alg":"none"}"#, "ES256");
        assert_eq!(members(&changed)["alg"], "ES256");
        assert_eq!(members(&changed)["typ"], "at+jwt");
    }
}
