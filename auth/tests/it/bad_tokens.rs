//! Tokens that an attacker might present: every trick that can be thought of, most of them under a
//! genuine signature, which is the only way past it.

use aws_lc_rs::hmac;
use monban_auth::token::{Kind, MalformedToken, TokenError};
use serde_json::{Value, json};

use super::forge::{Forge, claims_of, encode, signature_of, signed_part, with, without};

/// A token that must be refused.
pub struct Bad {
    /// What is wrong with it.
    pub what: String,
    pub token: String,
    /// The refusal.
    pub error: TokenError,
}

impl Forge {
    /// Every bad token of that kind that can be thought of, made out of a good one.
    pub fn bad_tokens(&self, kind: Kind, good: &str) -> Vec<Bad> {
        let mut bad = Vec::new();
        self.wrong_algorithms(kind, good, &mut bad);
        self.wrong_headers(kind, good, &mut bad);
        self.wrong_claims(kind, good, &mut bad);
        self.wrong_json(kind, good, &mut bad);
        self.wrong_signatures(kind, good, &mut bad);
        wrong_shapes(good, &mut bad);
        bad
    }

    fn wrong_algorithms(&self, kind: Kind, good: &str, bad: &mut Vec<Bad>) {
        let claims = claims_of(good);
        for alg in ["none", "None", "NONE", "nOnE", ""] {
            let unsigned = signed_part(&self.header_with(kind, "alg", json!(alg)), &claims);
            let token = format!("{unsigned}.");
            push(
                bad,
                format!("alg {alg:?}, unsigned"),
                token,
                MalformedToken::Base64,
            );
            let token = format!("{unsigned}.{}", signature_of(good));
            push(
                bad,
                format!("alg {alg:?}, a signature"),
                token,
                TokenError::WrongAlg,
            );
        }
        for alg in [
            "HS256", "ES256", "RS256", "PS256", "Ed25519", "eddsa", "EdDSA ",
        ] {
            let token = self.seal(&self.header_with(kind, "alg", json!(alg)), &claims);
            push(
                bad,
                format!("alg {alg:?}, signed by our key"),
                token,
                TokenError::WrongAlg,
            );
        }
        for alg in [Value::Null, json!(1), json!(["EdDSA"])] {
            let token = self.seal(&self.header_with(kind, "alg", alg.clone()), &claims);
            push(bad, format!("alg {alg}"), token, TokenError::WrongAlg);
        }
        let token = self.seal(&without(&self.header(kind), "alg"), &claims);
        push(bad, "no alg", token, TokenError::WrongAlg);

        let public = self.public_key();
        let encodings = [
            ("raw", public.to_vec()),
            ("base64url", encode(public).into_bytes()),
            ("PEM", spki_pem(public)),
        ];
        for (encoding, secret) in encodings {
            for (alg, sha) in [("HS256", hmac::HMAC_SHA256), ("HS512", hmac::HMAC_SHA512)] {
                let unsigned = signed_part(&self.header_with(kind, "alg", json!(alg)), &claims);
                let tag = hmac::sign(&hmac::Key::new(sha, &secret), unsigned.as_bytes());
                let token = format!("{unsigned}.{}", encode(tag.as_ref()));
                push(
                    bad,
                    format!("{alg} keyed with the public key, {encoding}"),
                    token,
                    TokenError::WrongAlg,
                );
            }
        }
    }

    fn wrong_headers(&self, kind: Kind, good: &str, bad: &mut Vec<Bad>) {
        let claims = claims_of(good);
        let other = if kind == Kind::Access {
            "rt+jwt"
        } else {
            "at+jwt"
        };
        let long = format!("application/{}", kind.typ());
        for typ in [
            json!(other),
            json!("JWT"),
            json!(""),
            json!(kind.typ().to_uppercase()),
            json!(long),
            Value::Null,
            json!([kind.typ()]),
        ] {
            let token = self.seal(&self.header_with(kind, "typ", typ.clone()), &claims);
            push(bad, format!("typ {typ}"), token, TokenError::WrongTyp);
        }
        let token = self.seal(&without(&self.header(kind), "typ"), &claims);
        push(bad, "no typ", token, TokenError::WrongTyp);

        for kid in [
            json!("unknown"),
            json!(""),
            json!("../keys/x"),
            json!(self.kid.to_uppercase()),
            Value::Null,
            json!(1),
        ] {
            let token = self.seal(&self.header_with(kind, "kid", kid.clone()), &claims);
            push(bad, format!("kid {kid}"), token, TokenError::UnknownKid);
        }
        let token = self.seal(&without(&self.header(kind), "kid"), &claims);
        push(bad, "no kid", token, TokenError::UnknownKid);

        let own_key = json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(self.public_key()) });
        for (name, value) in [
            ("jku", json!("https://evil.example/jwks.json")),
            ("jwk", own_key),
            ("x5u", json!("https://evil.example/chain.pem")),
            ("x5c", json!(["AAAA"])),
            ("x5t", json!("AAAA")),
            ("crit", json!(["exp"])),
            ("b64", json!(false)),
            ("zip", json!("DEF")),
            ("enc", json!("A256GCM")),
            ("cty", json!("JWT")),
            ("anything", Value::Null),
        ] {
            let token = self.seal(&self.header_with(kind, name, value), &claims);
            push(
                bad,
                format!("a header with {name}"),
                token,
                TokenError::ForbiddenHeader,
            );
        }
    }

    fn wrong_claims(&self, kind: Kind, good: &str, bad: &mut Vec<Bad>) {
        let (header, claims) = (self.header(kind), claims_of(good));
        let iat = claims["iat"].as_i64().unwrap();
        let issuer = claims["iss"].as_str().unwrap();
        let others = if kind == Kind::Access {
            format!("{issuer}/refresh")
        } else {
            issuer.to_owned()
        };
        for (name, value, error) in [
            ("aud", json!(others), TokenError::WrongAudience),
            (
                "aud",
                json!("https://other.example"),
                TokenError::WrongAudience,
            ),
            ("aud", json!(""), TokenError::WrongAudience),
            ("aud", json!([claims["aud"]]), TokenError::BadClaims),
            (
                "iss",
                json!("https://other.example"),
                TokenError::WrongIssuer,
            ),
            ("iss", json!(format!("{issuer}/")), TokenError::WrongIssuer),
            ("iss", json!(issuer.to_uppercase()), TokenError::WrongIssuer),
            ("exp", json!(iat), TokenError::Expired),
            ("exp", json!(0), TokenError::Expired),
            ("exp", json!(i64::MIN), TokenError::Expired),
            // Five minutes: over any leeway, and over the time that the tests themselves take.
            ("iat", json!(iat + 300), TokenError::NotYetValid),
            ("iat", json!(i64::MAX), TokenError::NotYetValid),
        ] {
            let token = self.seal(&header, &with(&claims, name, value.clone()));
            push(bad, format!("{name} {value}"), token, error);
        }
        for (name, value) in [
            ("sub", json!(1)),
            ("sub", json!("ann@example.com")),
            ("sid", json!("not an id")),
            ("sid", json!([claims["sid"]])),
            ("gen", json!("1")),
            ("gen", json!(1.5)),
            ("gen", json!(true)),
            ("iat", json!(iat.to_string())),
            ("exp", json!("9999999999")),
            ("exp", json!(9_999_999_999.5)),
            ("exp", json!(u64::MAX)),
            ("jti", json!(7)),
        ] {
            let token = self.seal(&header, &with(&claims, name, value.clone()));
            push(bad, format!("{name} {value}"), token, TokenError::BadClaims);
        }
        for name in claims.as_object().unwrap().keys() {
            let token = self.seal(&header, &without(&claims, name));
            push(bad, format!("no {name}"), token, TokenError::BadClaims);
            let token = self.seal(&header, &with(&claims, name, Value::Null));
            push(bad, format!("{name} null"), token, TokenError::BadClaims);
        }
    }

    fn wrong_json(&self, kind: Kind, good: &str, bad: &mut Vec<Bad>) {
        let (header, claims) = (self.header(kind).to_string(), claims_of(good).to_string());
        let extended = |json: &str, more: &str| format!("{},{more}}}", &json[..json.len() - 1]);
        for (what, header, claims) in [
            ("sub twice", &header, &extended(&claims, r#""sub":"x""#)),
            (
                "sub twice, once escaped",
                &header,
                &extended(&claims, r#""\u0073ub":"x""#),
            ),
            (
                "exp twice",
                &header,
                &extended(&claims, r#""exp":9999999999"#),
            ),
            (
                "a duplicate deep inside",
                &header,
                &extended(&claims, r#""x":[{"a":1,"a":2}]"#),
            ),
            ("alg twice", &extended(&header, r#""alg":"none""#), &claims),
            ("kid twice", &extended(&header, r#""kid":"x""#), &claims),
            ("a list of claims", &header, &"[]".to_owned()),
            ("text for claims", &header, &"\"claims\"".to_owned()),
            ("a number for claims", &header, &"1".to_owned()),
            ("null for claims", &header, &"null".to_owned()),
            ("true for claims", &header, &"true".to_owned()),
            (
                "claims cut short",
                &header,
                &claims[..claims.len() - 1].to_owned(),
            ),
            ("two sets of claims", &header, &format!("{claims}{claims}")),
            (
                "claims after a byte order mark",
                &header,
                &format!("\u{feff}{claims}"),
            ),
            ("a list for a header", &"[]".to_owned(), &claims),
        ] {
            push(
                bad,
                what,
                self.seal_text(header, claims),
                MalformedToken::Json,
            );
        }
    }

    fn wrong_signatures(&self, kind: Kind, good: &str, bad: &mut Vec<Bad>) {
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
fn wrong_shapes(good: &str, bad: &mut Vec<Bad>) {
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

fn push(bad: &mut Vec<Bad>, what: impl Into<String>, token: String, error: impl Into<TokenError>) {
    bad.push(Bad {
        what: what.into(),
        token,
        error: error.into(),
    });
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

/// The key as `openssl pkey -pubout` writes it (RFC 8410 §4).
fn spki_pem(public: &[u8]) -> Vec<u8> {
    let prefix = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    pem::encode(&pem::Pem::new("PUBLIC KEY", [&prefix, public].concat())).into_bytes()
}
