//! Signatures that do not hold, and texts that are no token at all.

use monban_auth::{MalformedToken, TokenError, TokenKind};
use serde_json::{Value, json};

use super::{Bad, push};
use crate::forge::{Forge, claims_of, encode, signature_of, signed_part, with};

impl Forge {
    pub(super) fn wrong_signatures(&self, kind: TokenKind, good: &str, bad: &mut Vec<Bad>) {
        let (header, claims) = (self.header(kind), claims_of(good));
        let unsigned = signed_part(&header, &claims);
        let raise = with(
            &claims,
            "sub",
            json!("01890000-0000-7000-8000-000000000000"),
        );
        let another = self.imposter();
        for (what, token) in [
            ("another key under our kid", another.seal(&header, &claims)),
            (
                "the signature of other claims",
                format!("{unsigned}.{}", signature_of(&self.seal(&header, &raise))),
            ),
            (
                "other claims under a good signature",
                format!("{}.{}", signed_part(&header, &raise), signature_of(good)),
            ),
            (
                "a signature of zeros",
                format!("{unsigned}.{}", encode(&[0; 64])),
            ),
            (
                "half a signature",
                format!("{unsigned}.{}", encode(&[7; 32])),
            ),
            ("a signature that is too long", format!("{good}AAAA")),
            (
                "the header in another order",
                reordered(&header, &claims, signature_of(good)),
            ),
        ] {
            push(bad, what, token, TokenError::BadSignature);
        }
        let large = with(&claims, "padding", json!("x".repeat(48 * 1024)));
        push(
            bad,
            "64 KiB, properly signed",
            self.seal(&header, &large),
            MalformedToken::TooLong,
        );
    }
}

/// What can be wrong without anybody reading what it says.
pub(super) fn wrong_shapes(good: &str, bad: &mut Vec<Bad>) {
    let parts: Vec<&str> = good.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        panic!("three segments")
    };
    for (what, token) in [
        ("nothing", String::new()),
        ("one word", "token".to_owned()),
        ("no signature segment", format!("{header}.{claims}")),
        ("a fourth segment", format!("{good}.{signature}")),
        ("an empty fourth segment", format!("{good}.")),
        (
            "five segments, as encrypted ones have",
            format!("{good}.{claims}.{signature}"),
        ),
        (
            "the JSON form of a JWS",
            r#"{"payload":"e30","signatures":[]}"#.to_owned(),
        ),
    ] {
        push(bad, what, token, MalformedToken::Segments);
    }
    for (what, token) in [
        ("an empty signature", format!("{header}.{claims}.")),
        ("only dots", "..".to_owned()),
        ("no claims", format!("{header}..{signature}")),
        ("no header", format!(".{claims}.{signature}")),
        ("a padded signature", format!("{good}==")),
        ("padded claims", format!("{header}.{claims}=.{signature}")),
        ("stray bits in the last character", stray_bits(good)),
        (
            "the standard alphabet",
            format!("{header}.{claims}.+/{}", &signature[2..]),
        ),
        ("a space before", format!(" {good}")),
        ("a space after", format!("{good} ")),
        (
            "a newline inside",
            format!("{header}.{claims}\n.{signature}"),
        ),
        (
            "a character of two bytes",
            format!("{header}.{claims}.é{}", &signature[2..]),
        ),
        ("one character short", good[..good.len() - 1].to_owned()),
        ("\"Bearer\" before", format!("Bearer {good}")),
    ] {
        push(bad, what, token, MalformedToken::Base64);
    }
    push(
        bad,
        "64 KiB of A",
        "A".repeat(64 * 1024),
        MalformedToken::TooLong,
    );
    push(
        bad,
        "64 KiB of dots",
        ".".repeat(64 * 1024),
        MalformedToken::TooLong,
    );
}

/// The same bytes spelled with another last character: 64 bytes leave four bits unused in it.
fn stray_bits(good: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = good.split_at(good.len() - 1);
    let index = ALPHABET
        .iter()
        .position(|c| *c == last.as_bytes()[0])
        .unwrap();
    format!("{rest}{}", char::from(ALPHABET[index + 1]))
}

/// The same members in another order: the same meaning, other bytes.
fn reordered(header: &Value, claims: &Value, signature: &str) -> String {
    let members = header.as_object().unwrap().iter().rev();
    let members: Vec<_> = members
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    let header = encode(format!("{{{}}}", members.join(",")).as_bytes());
    format!(
        "{header}.{}.{signature}",
        encode(claims.to_string().as_bytes())
    )
}
