//! Tokens that must be refused, each for one reason.

use serde_json::{Value, json};

use crate::{
    auth::{Auth, AuthError},
    clock::Timestamp,
    keys::{Algorithm, SigningError, SigningKey},
    token::{self, Kind, signed_part},
};

/// What can be tried with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    /// A genuine token says more than it was signed for.
    ChangedPayload,
    /// It says that it needs no signature (RFC 8725 §2.1).
    AlgNone,
    /// It is signed by HMAC with the public key, which everybody has (RFC 8725 §2.1).
    PublicKeyAsSecret,
    /// It is signed well, by a key of the forger's own.
    ForeignKid,
    /// It is genuine, and its time is over.
    Expired,
    /// It is genuine, and of the other kind (RFC 8725 §3.11).
    RefreshAsAccess,
}

impl Forgery {
    /// Every one of them.
    pub const ALL: [Self; 6] = [
        Self::ChangedPayload,
        Self::AlgNone,
        Self::PublicKeyAsSecret,
        Self::ForeignKid,
        Self::Expired,
        Self::RefreshAsAccess,
    ];
}

impl Auth {
    /// A token forged like that. What is genuine about it was signed for nobody and expired in 1970,
    /// so no verifier ever took it.
    pub fn forge(&self, how: Forgery) -> Result<String, AuthError> {
        let (ring, now) = (self.tokens.keys(), self.now());
        let (access, refresh) = self.tokens.specimen(now)?;
        let signing = ring.signing(now);
        let kid = signing.map(SigningKey::kid).unwrap_or_default();
        let claims = self.wanted(now)?;
        let header = |alg: &str, kid: &str| {
            json!({ "alg": alg, "kid": kid, "typ": Kind::Access.typ() }).to_string()
        };
        Ok(match how {
            Forgery::ChangedPayload => {
                let genuine = access.expose();
                let (signed, signature) = genuine.rsplit_once('.').unwrap_or_default();
                let (header, _) = signed.split_once('.').unwrap_or_default();
                format!("{header}.{}.{signature}", token::encode(claims.as_bytes()))
            }
            Forgery::AlgNone => format!("{}.", signed_part(&header("none", kid), &claims)),
            Forgery::PublicKeyAsSecret => {
                let public = signing.and_then(SigningKey::public).map(Value::to_string);
                let secret = public.unwrap_or_default().into_bytes();
                seal_with(
                    Algorithm::Hs256,
                    kid,
                    Some(secret),
                    &header("HS256", kid),
                    &claims,
                )?
            }
            Forgery::ForeignKid => {
                let kid = "a-key-of-my-own";
                seal_with(Algorithm::EdDsa, kid, None, &header("EdDSA", kid), &claims)?
            }
            Forgery::Expired => access.expose().to_owned(),
            Forgery::RefreshAsAccess => refresh.expose().to_owned(),
        })
    }

    /// What a forger would like to be true: an administrator's session, good for an hour.
    fn wanted(&self, now: Timestamp) -> Result<String, SigningError> {
        let seconds = now.as_seconds();
        let (mut claims, _) = self.tokens.claims_of_nobody();
        claims.roles = vec!["admin".to_owned()];
        claims.iat = seconds;
        claims.exp = seconds + 3600;
        serde_json::to_string(&claims).map_err(SigningError::Claims)
    }
}

/// The same token with another first character of its signature.
pub fn with_other_signature(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let rest = signature.get(1..).unwrap_or_default();
    format!("{signed}.{other}{rest}")
}

/// Signs with a key that is made for this one token, or of that secret.
fn seal_with(
    alg: Algorithm,
    kid: &str,
    secret: Option<Vec<u8>>,
    header: &str,
    claims: &str,
) -> Result<String, AuthError> {
    let key = match secret {
        Some(secret) => SigningKey::from_private(kid.to_owned(), alg, secret.into()),
        None => SigningKey::generate(alg),
    };
    let signed = signed_part(header, claims);
    let signature = key?.sign(signed.as_bytes())?;
    Ok(format!("{signed}.{signature}"))
}
