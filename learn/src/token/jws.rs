//! A token as text: split into its segments, decoded, and put together again. None of it needs a key.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Deserializer, Map, Serializer, Value, ser::Formatter};

/// The three segments of a compact JWS (RFC 7515 §3.1), as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Segments {
    /// The encoded header.
    pub(super) header: String,
    /// The encoded payload.
    pub(super) payload: String,
    /// The encoded signature.
    pub(super) signature: String,
}

impl Segments {
    /// The segments of that token. Everything after the second dot is the signature.
    pub(super) fn of(token: &str) -> Self {
        let mut segments = token.trim().splitn(3, '.').map(str::to_owned);
        let mut next = || segments.next().unwrap_or_default();
        Self {
            header: next(),
            payload: next(),
            signature: next(),
        }
    }

    /// The token in its compact form.
    pub(super) fn token(&self) -> String {
        format!("{}.{}.{}", self.header, self.payload, self.signature)
    }
}

/// The text of a segment, indented if it is JSON. `None` if it is no base64url, or no text.
pub(super) fn decode(segment: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(segment).ok()?).ok()?;
    let mut indented = Vec::new();
    let is_no_json = reformat(&text, &mut Serializer::pretty(&mut indented)).is_none();
    Some(if is_no_json {
        text
    } else {
        String::from_utf8(indented).ok()?
    })
}

/// The segment of that text, without indentation if it is JSON.
pub(super) fn encode(text: &str) -> String {
    let mut compact = Vec::new();
    match reformat(text, &mut Serializer::new(&mut compact)) {
        Some(()) => URL_SAFE_NO_PAD.encode(compact),
        None => URL_SAFE_NO_PAD.encode(text),
    }
}

/// Writes the JSON with another formatter and keeps the order of its members.
fn reformat<F: Formatter>(text: &str, to: &mut Serializer<&mut Vec<u8>, F>) -> Option<()> {
    let mut from = Deserializer::from_str(text);
    serde_transcode::transcode(&mut from, to).ok()?;
    from.end().ok()
}

/// The members of a JSON object; none if the text is no object.
pub(super) fn members(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}

/// The header with another algorithm.
pub(super) fn with_alg(header: &str, alg: &str) -> String {
    let mut members = members(header);
    members.insert("alg".to_owned(), alg.into());
    let mut indented = Vec::new();
    let text = Value::Object(members).to_string();
    reformat(&text, &mut Serializer::pretty(&mut indented));
    String::from_utf8(indented).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_split_and_put_together_again() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiLploDnlaoiLCJhIjoxfQ.c2ln";
        let segments = Segments::of(token);
        assert_eq!(segments.token(), token);
        let payload = decode(&segments.payload).unwrap();
        assert_eq!(payload, "{\n  \"sub\": \"門番\",\n  \"a\": 1\n}");
        assert_eq!(encode(&payload), segments.payload);
    }

    #[test]
    fn what_is_no_json_and_no_base64url_is_told_apart() {
        assert_eq!(decode(&encode("half a {")).unwrap(), "half a {");
        assert_eq!(decode("?"), None);
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
