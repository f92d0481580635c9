//! Forged tokens, each of which must be refused for another reason.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use monban_auth::{
    AccessClaims, Algorithm, Auth, AuthError, KeyError, KeyState, SigningError, TokenKind,
    specimen::{ThrowawayKey, signed_part},
};
use serde_json::json;

/// The kinds of forgeries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    /// The payload of a genuine token is replaced.
    ChangedPayload,
    /// The header says that no signature is needed (RFC 8725 §2.1).
    AlgNone,
    /// The signature is an HMAC whose secret is the public key (RFC 8725 §2.1).
    PublicKeyAsSecret,
    /// The signature is valid, but by a key of the forger's own.
    ForeignKid,
    /// The token is genuine and has expired.
    Expired,
    /// The token is genuine and of the other kind (RFC 8725 §3.11).
    RefreshAsAccess,
}

impl Forgery {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::ChangedPayload,
        Self::AlgNone,
        Self::PublicKeyAsSecret,
        Self::ForeignKid,
        Self::Expired,
        Self::RefreshAsAccess,
    ];
}

/// A forged token of that kind. The genuine tokens that it is made from belong to no account and expired in
/// 1970, so no verifier ever accepted them.
pub fn forge(auth: &Auth, forgery: Forgery) -> Result<String, ForgeError> {
    let (access, refresh) = auth.specimen()?;
    let keys = auth.keys().list();
    let signing = keys.iter().find(|key| key.state == KeyState::Signing);
    let kid = signing.map(|key| key.kid.as_str()).unwrap_or_default();
    let claims = admin_claims(auth, access.expose())?;
    let header = |alg: &str, kid: &str| {
        json!({ "alg": alg, "kid": kid, "typ": TokenKind::Access.typ() }).to_string()
    };
    Ok(match forgery {
        Forgery::ChangedPayload => {
            let genuine = access.expose();
            let (signed, signature) = genuine.rsplit_once('.').unwrap_or_default();
            let (header, _) = signed.split_once('.').unwrap_or_default();
            format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(&claims))
        }
        Forgery::AlgNone => format!("{}.", signed_part(&header("none", kid), &claims)),
        Forgery::PublicKeyAsSecret => {
            let secret = public_key(auth, kid).unwrap_or_default().into_bytes();
            let key = ThrowawayKey::from_private(Algorithm::Hs256, secret)?;
            signed_with(&key, &header("HS256", kid), &claims)?
        }
        Forgery::ForeignKid => {
            let key = ThrowawayKey::generate(Algorithm::EdDsa)?;
            signed_with(&key, &header("EdDSA", "a-key-of-my-own"), &claims)?
        }
        Forgery::Expired => access.expose().to_owned(),
        Forgery::RefreshAsAccess => refresh.expose().to_owned(),
    })
}

/// Why a token could not be forged.
#[derive(Debug, thiserror::Error)]
pub enum ForgeError {
    /// The genuine tokens could not be made.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// A key could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The forged token could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The claims of the genuine token could not be read.
    #[error("the claims of the specimen: {0}")]
    Claims(#[from] serde_json::Error),
}

/// The public key of that id, as it is published.
fn public_key(auth: &Auth, kid: &str) -> Option<String> {
    let jwks = auth.keys().jwks();
    let key = jwks
        .get("keys")?
        .as_array()?
        .iter()
        .find(|key| key["kid"] == kid)?;
    Some(key.to_string())
}

/// The claims that a forger wants: those of an administrator's session, valid for an hour.
fn admin_claims(auth: &Auth, specimen: &str) -> Result<String, serde_json::Error> {
    let payload = specimen.split('.').nth(1).unwrap_or_default();
    let payload = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
    let mut claims: AccessClaims = serde_json::from_slice(&payload)?;
    let seconds = auth.now().as_seconds();
    claims.roles = vec!["admin".to_owned()];
    claims.iat = seconds;
    claims.exp = seconds + 3600;
    serde_json::to_string(&claims)
}

/// The token with another first character of its signature.
pub fn with_other_signature(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let rest = signature.get(1..).unwrap_or_default();
    format!("{signed}.{other}{rest}")
}

fn signed_with(key: &ThrowawayKey, header: &str, claims: &str) -> Result<String, SigningError> {
    let signed = signed_part(header, claims);
    let signature = key.sign(&signed)?;
    Ok(format!("{signed}.{signature}"))
}
