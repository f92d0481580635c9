//! The token page on the server: forgeries, throwaway keys, signatures.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use monban_auth::{AccessError, Algorithm, Auth, TokenError, specimen::ThrowawayKey};

use super::{
    forgery::{ForgeError, Forgery, forge},
    hmac::HmacSteps,
};
use crate::{
    Source,
    token::{Check, ForgeryKind, ForgeryView, KeyView, SignatureView, VerdictView},
};
use monban_leptos::{error::AppError, server::internal_error};

/// The longest text that is signed or verified, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// A forgery of each kind, with the verdict on it.
pub(crate) async fn forge_all(auth: &Auth) -> Result<Vec<ForgeryView>, AppError> {
    let mut forged = Vec::new();
    for forgery in Forgery::ALL {
        let token = forge(auth, forgery).map_err(|error| match error {
            ForgeError::Auth(error) => internal_error(&error),
            _ => AppError::Internal,
        })?;
        forged.push(ForgeryView {
            kind: kind(forgery),
            verdict: verdict(auth, &token).await?,
            token,
        });
    }
    Ok(forged)
}

/// The verdict of the verifier that checks every request.
pub(crate) async fn verdict(auth: &Auth, token: &str) -> Result<VerdictView, AppError> {
    let refused_by = match auth.check_access(token).await {
        Ok(_) => None,
        Err(AccessError::Token(error)) => Some(check(error)),
        Err(AccessError::Ended(_) | AccessError::Stale) => Some(Check::Denylist),
        Err(AccessError::Unavailable) => return Err(AppError::Busy),
    };
    Ok(VerdictView {
        refused_by,
        source: refused_by.map(source),
    })
}

/// A new throwaway key for that algorithm.
pub(crate) fn make_key(alg: &str) -> Result<KeyView, AppError> {
    let key = ThrowawayKey::generate(algorithm(alg)?).map_err(|_| AppError::Internal)?;
    let public = key.public().map(serde_json::to_string_pretty);
    Ok(KeyView {
        private: URL_SAFE_NO_PAD.encode(key.private()),
        public: public.transpose().map_err(|_| AppError::Internal)?,
    })
}

/// The signature of `header.payload` by that key.
pub(crate) fn sign(alg: &str, private: &str, signed: &str) -> Result<SignatureView, AppError> {
    let (alg, key) = read_key(alg, private, signed)?;
    let hmac = (alg == Algorithm::Hs256).then(|| {
        let HmacSteps {
            key,
            inner_key,
            inner_hash,
            outer_key,
            tag,
        } = HmacSteps::of(key.private(), signed.as_bytes());
        [
            hex(&key),
            hex(&inner_key),
            hex(&inner_hash),
            hex(&outer_key),
            hex(&tag),
        ]
    });
    let signature = key.sign(signed).map_err(|_| AppError::BadRequest)?;
    Ok(SignatureView { signature, hmac })
}

/// Whether the signature of the token is that key's.
pub(crate) fn verify(alg: &str, private: &str, token: &str) -> Result<bool, AppError> {
    let (_, key) = read_key(alg, private, token)?;
    let parts = token.rsplit_once('.');
    Ok(parts.is_some_and(|(signed, signature)| key.verify(signed, signature)))
}

/// The algorithm of that name. RS256 is left out: generating an RSA key takes too long for a public page.
fn algorithm(name: &str) -> Result<Algorithm, AppError> {
    Algorithm::from_name(name)
        .filter(|alg| *alg != Algorithm::Rs256)
        .ok_or(AppError::BadRequest)
}

fn read_key(alg: &str, private: &str, text: &str) -> Result<(Algorithm, ThrowawayKey), AppError> {
    let alg = algorithm(alg)?;
    if private.len() > MAX_BYTES || text.len() > MAX_BYTES {
        return Err(AppError::BadRequest);
    }
    let private = URL_SAFE_NO_PAD
        .decode(private)
        .map_err(|_| AppError::BadRequest)?;
    let key = ThrowawayKey::from_private(alg, private).map_err(|_| AppError::BadRequest)?;
    Ok((alg, key))
}

const fn kind(forgery: Forgery) -> ForgeryKind {
    match forgery {
        Forgery::ChangedPayload => ForgeryKind::ChangedPayload,
        Forgery::AlgNone => ForgeryKind::AlgNone,
        Forgery::PublicKeyAsSecret => ForgeryKind::PublicKeyAsSecret,
        Forgery::ForeignKid => ForgeryKind::ForeignKid,
        Forgery::Expired => ForgeryKind::Expired,
        Forgery::RefreshAsAccess => ForgeryKind::RefreshAsAccess,
    }
}

const fn check(error: TokenError) -> Check {
    match error {
        TokenError::Malformed(_) => Check::Form,
        TokenError::WrongTyp => Check::Typ,
        TokenError::ForbiddenHeader => Check::Header,
        TokenError::UnknownKid => Check::Kid,
        TokenError::WrongAlg => Check::Alg,
        TokenError::BadSignature => Check::Signature,
        TokenError::BadClaims => Check::Claims,
        TokenError::WrongIssuer => Check::Issuer,
        TokenError::WrongAudience => Check::Audience,
        TokenError::NotYetValid => Check::IssuedAt,
        TokenError::Expired => Check::Expiry,
    }
}

/// The source of each check.
pub(crate) fn source(check: Check) -> Source {
    const TOKENS: &str = "kit/auth/src/token/tokens.rs";
    match check {
        Check::Form => Source::new("kit/auth/src/token/compact.rs", "parse"),
        Check::Typ | Check::Header => Source::new(TOKENS, "check_header"),
        Check::Kid => Source::new("kit/auth/src/keys/ring.rs", "find"),
        Check::Alg | Check::Signature | Check::Claims => Source::new(TOKENS, "verify"),
        Check::Issuer => Source::new(TOKENS, "check_issuer"),
        Check::Audience => Source::new(TOKENS, "check_audience"),
        Check::IssuedAt => Source::new(TOKENS, "check_issued"),
        Check::Expiry => Source::new(TOKENS, "check_access"),
        Check::Denylist => Source::new("kit/auth/src/sessions/denylist.rs", "find"),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
