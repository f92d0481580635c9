//! Claims that are missing, of another type, or not ours.

use monban_auth::{MalformedToken, TokenError, TokenKind};
use serde_json::{Value, json};

use super::{Bad, push};
use crate::forge::{Forge, claims_of, with, without};

impl Forge {
    pub(super) fn wrong_claims(&self, kind: TokenKind, good: &str, bad: &mut Vec<Bad>) {
        let (header, claims) = (self.header(kind), claims_of(good));
        let iat = claims["iat"].as_i64().unwrap();
        let issuer = claims["iss"].as_str().unwrap();
        let others = if kind == TokenKind::Access {
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
            // A refresh token from the future says that the clock was set back since.
            if kind == TokenKind::Refresh && error == TokenError::NotYetValid {
                continue;
            }
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
            ("ver", json!("1")),
        ] {
            if claims.get(name).is_none() {
                continue;
            }
            let token = self.seal(&header, &with(&claims, name, value.clone()));
            push(bad, format!("{name} {value}"), token, TokenError::BadClaims);
        }
        // A token from before accounts had a version has none.
        let names = claims.as_object().unwrap().keys();
        for name in names.filter(|name| *name != "ver") {
            let token = self.seal(&header, &without(&claims, name));
            push(bad, format!("no {name}"), token, TokenError::BadClaims);
            let token = self.seal(&header, &with(&claims, name, Value::Null));
            push(bad, format!("{name} null"), token, TokenError::BadClaims);
        }
    }

    pub(super) fn wrong_json(&self, kind: TokenKind, good: &str, bad: &mut Vec<Bad>) {
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
}
