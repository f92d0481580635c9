//! Headers that choose the rules: the algorithm, the type, the key.

use aws_lc_rs::hmac;
use monban_auth::{MalformedToken, TokenError, TokenKind};
use serde_json::{Value, json};

use super::{Bad, push};
use crate::forge::{Forge, claims_of, encode, signature_of, signed_part, without};

impl Forge {
    pub(super) fn wrong_algorithms(&self, kind: TokenKind, good: &str, bad: &mut Vec<Bad>) {
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

    pub(super) fn wrong_headers(&self, kind: TokenKind, good: &str, bad: &mut Vec<Bad>) {
        let claims = claims_of(good);
        let other = if kind == TokenKind::Access {
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
}

/// The key as `openssl pkey -pubout` writes it (RFC 8410 §4).
fn spki_pem(public: &[u8]) -> Vec<u8> {
    let prefix = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    pem::encode(&pem::Pem::new("PUBLIC KEY", [&prefix, public].concat())).into_bytes()
}
