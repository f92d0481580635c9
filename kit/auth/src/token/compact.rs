//! A strict parser for compact JWS, in front of any library.
//!
//! Popular libraries accept more than RFC 7515 allows: padding, stray bits in the last character,
//! spaces, duplicate members. Each is a second spelling of one token, and a place for two parsers
//! to disagree (RFC 8725 §2.4, RFC 8259 §4).

use std::{collections::HashSet, fmt};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// The longest token that is looked at, in bytes.
pub(super) const MAX_BYTES: usize = 4096;

/// Unpadded, canonical base64url (RFC 7515 §2, RFC 4648 §3.5).
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(false),
);

/// Why a text is no strict compact JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedToken {
    /// Over 4 KiB.
    #[error("too long")]
    TooLong,
    /// Not exactly three segments.
    #[error("not three segments")]
    Segments,
    /// A segment is empty, padded, or no canonical base64url.
    #[error("not canonical base64url")]
    Base64,
    /// Header or payload is no JSON object, or names a member twice.
    #[error("not a JSON object with distinct members")]
    Json,
}

/// A compact JWS taken apart. The signature is not verified.
#[derive(Debug)]
pub(super) struct Compact<'a> {
    pub(super) header: Map<String, Value>,
    pub(super) payload: Map<String, Value>,
    /// `header.payload` as they stand: what the signature is over (RFC 7515 §5.1).
    pub(super) signed: &'a str,
    pub(super) signature: &'a str,
}

impl<'a> Compact<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, MalformedToken> {
        if token.len() > MAX_BYTES {
            return Err(MalformedToken::TooLong);
        }
        let mut segments = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) = (
            segments.next(),
            segments.next(),
            segments.next(),
            segments.next(),
        ) else {
            return Err(MalformedToken::Segments);
        };
        decode(signature)?;
        Ok(Self {
            header: object(&decode(header)?)?,
            payload: object(&decode(payload)?)?,
            signed: &token[..header.len() + 1 + payload.len()],
            signature,
        })
    }
}

/// Encodes as the parser above demands.
pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64URL.encode(bytes)
}

fn decode(segment: &str) -> Result<Vec<u8>, MalformedToken> {
    if segment.is_empty() {
        return Err(MalformedToken::Base64);
    }
    BASE64URL
        .decode(segment)
        .map_err(|_| MalformedToken::Base64)
}

fn object(json: &[u8]) -> Result<Map<String, Value>, MalformedToken> {
    match serde_json::from_slice(json) {
        Ok(Distinct(Value::Object(members))) => Ok(members),
        _ => Err(MalformedToken::Json),
    }
}

/// JSON in which no object, at any depth, names a member twice.
struct Distinct(Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DistinctVisitor).map(Distinct)
    }
}

struct DistinctVisitor;

impl<'de> Visitor<'de> for DistinctVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON with distinct members")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Distinct(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let (mut object, mut names) = (Map::new(), HashSet::new());
        while let Some(name) = members.next_key::<String>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom("duplicate member"));
            }
            let Distinct(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, payload: &str, signature: &[u8]) -> String {
        [header.as_bytes(), payload.as_bytes(), signature]
            .map(encode)
            .join(".")
    }

    #[test]
    fn a_strict_token_is_taken_apart() {
        let token = token(
            r#"{"alg":"EdDSA"}"#,
            r#"{"sub":"a","n":[1,-2,0.5,true,null]}"#,
            b"sig",
        );
        let compact = Compact::parse(&token).unwrap();
        assert_eq!(compact.header["alg"], "EdDSA");
        assert_eq!(
            compact.payload["n"],
            serde_json::json!([1, -2, 0.5, true, null])
        );
        assert_eq!(format!("{}.{}", compact.signed, compact.signature), token);
    }

    #[test]
    fn anything_but_three_segments_is_refused() {
        for text in ["", "e30", "e30.e30", "e30.e30.e30.e30", "e30.e30.e30."] {
            assert_eq!(
                Compact::parse(text).unwrap_err(),
                MalformedToken::Segments,
                "{text}"
            );
        }
    }

    #[test]
    fn anything_but_canonical_base64url_is_refused() {
        // Empty, padded, standard alphabet, white space, stray bits in the last character.
        for text in [
            "..",
            "e30..e30",
            "e30=.e30.e30",
            "e30.e30.ab+/",
            "e30.e30.e3 0",
            "e30.e30.e31",
            "e30.e30.\ne30",
        ] {
            assert_eq!(
                Compact::parse(text).unwrap_err(),
                MalformedToken::Base64,
                "{text:?}"
            );
        }
    }

    #[test]
    fn duplicate_members_are_refused_at_any_depth_and_in_any_spelling() {
        let header = r#"{"alg":"EdDSA"}"#;
        for payload in [
            r#"{"sub":"a","sub":"b"}"#,
            r#"{"sub":"a","\u0073ub":"b"}"#,
            r#"{"x":{"a":1,"a":1}}"#,
            r#"{"x":[{"a":1,"a":1}]}"#,
        ] {
            let token = token(header, payload, b"sig");
            assert_eq!(
                Compact::parse(&token).unwrap_err(),
                MalformedToken::Json,
                "{payload}"
            );
        }
    }

    #[test]
    fn anything_but_an_object_is_refused() {
        for payload in [
            "[]",
            "1",
            "\"a\"",
            "null",
            "{} {}",
            "{",
            "{\"a\":1,}",
            "\u{feff}{}",
        ] {
            let token = token("{}", payload, b"sig");
            assert_eq!(
                Compact::parse(&token).unwrap_err(),
                MalformedToken::Json,
                "{payload}"
            );
        }
    }

    #[test]
    fn a_token_over_four_kibibytes_is_not_looked_at() {
        let longest = format!("e30.e30.{}", "A".repeat(MAX_BYTES - 8));
        assert_eq!(longest.len(), MAX_BYTES);
        assert!(Compact::parse(&longest).is_ok());
        assert_eq!(
            Compact::parse(&format!("{longest}AAAA")).unwrap_err(),
            MalformedToken::TooLong
        );
    }
}
