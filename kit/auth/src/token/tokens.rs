//! Making and checking tokens.

use std::sync::{Arc, PoisonError, RwLock};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    AccessClaims, AccessToken, RefreshClaims, RefreshToken, TokenError, TokenKind,
    compact::{self, Compact},
    pair::{audience_path, pair_of, pair_of_nobody},
    verified::VerifiedTokens,
};
use crate::{
    claims::AppClaims,
    clock::Timestamp,
    keys::{KeyError, KeyRing, SigningError},
    sessions::{Channel, Lifetimes, Session},
    store::SealedKey,
};

/// Clocks of two nodes may differ by this many seconds.
const LEEWAY_SECONDS: i64 = 60;

/// Makes and checks the tokens of one installation.
#[derive(Debug)]
pub struct Tokens {
    keys: RwLock<Known>,
    issuer: String,
    /// Access tokens whose signature and fixed claims were found good. What can change (expiry,
    /// denylist) is checked every time.
    verified: VerifiedTokens,
}

/// The keys as they rest, to know when they change, and as they are used.
#[derive(Debug, Default)]
struct Known {
    sealed: Vec<SealedKey>,
    ring: Arc<KeyRing>,
}

impl Tokens {
    /// Tokens in the name of `issuer`, a base URL. There are none before there are
    /// keys.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self {
            keys: RwLock::default(),
            issuer: issuer.into(),
            verified: VerifiedTokens::default(),
        }
    }

    /// The keys that are known here.
    pub fn keys(&self) -> Arc<KeyRing> {
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&known.ring)
    }

    /// Takes over these keys, if they are others than before. Signatures that were found good are
    /// looked at anew: their key may be retired.
    pub(crate) fn set_keys(
        &self,
        sealed: &[SealedKey],
        open: impl FnOnce(&[SealedKey]) -> Result<KeyRing, KeyError>,
    ) -> Result<(), KeyError> {
        let same = |known: &Known| known.sealed == sealed;
        if same(&self.keys.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(());
        }
        let ring = Arc::new(open(sealed)?);
        let sealed = sealed.to_vec();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Known { sealed, ring };
        self.verified.forget();
        Ok(())
    }

    /// A pair of the session's current generation.
    pub(crate) fn issue(
        &self,
        session: &Session,
        app: AppClaims,
        lifetimes: &Lifetimes,
        now: Timestamp,
    ) -> Result<(AccessToken, RefreshToken, AccessClaims), SigningError> {
        let channel = session.persistence.channel();
        let channel = channel.ok_or(SigningError::UnknownPersistence)?;
        let (mut access, refresh) = pair_of(&self.issuer, session, channel, lifetimes, now);
        access.app = app;
        let (access_token, refresh_token) = self.sign_pair(&access, &refresh, now)?;
        Ok((access_token, refresh_token, access))
    }

    /// What the tokens of nobody would have said in the first five minutes of 1970.
    pub(crate) fn claims_of_nobody(&self) -> (AccessClaims, RefreshClaims) {
        pair_of_nobody(&self.issuer)
    }

    /// A pair for nobody that expired in 1970: genuine, and never good for anything.
    pub(crate) fn specimen(
        &self,
        now: Timestamp,
    ) -> Result<(AccessToken, RefreshToken), SigningError> {
        let (access, refresh) = self.claims_of_nobody();
        self.sign_pair(&access, &refresh, now)
    }

    fn sign_pair(
        &self,
        access: &AccessClaims,
        refresh: &RefreshClaims,
        now: Timestamp,
    ) -> Result<(AccessToken, RefreshToken), SigningError> {
        Ok((
            AccessToken::new(self.sign(TokenKind::Access, access, now)?),
            RefreshToken::new(self.sign(TokenKind::Refresh, refresh, now)?),
        ))
    }

    /// Checks an access token of that channel by itself: signature, fixed claims, expiry.
    pub fn check_access(
        &self,
        token: &str,
        channel: Channel,
        now: Timestamp,
    ) -> Result<Arc<AccessClaims>, TokenError> {
        let claims = match self.verified.get(token) {
            Some(claims) => claims,
            None => self.verify_and_remember(token, now)?,
        };
        self.check_current(&claims, channel, now)?;
        Ok(claims)
    }

    /// The same without the memory: the signature is verified whether it was before or not.
    pub(crate) fn check_access_anew(
        &self,
        token: &str,
        channel: Channel,
        now: Timestamp,
    ) -> Result<Arc<AccessClaims>, TokenError> {
        let claims = self.verify_access(token, now)?;
        self.check_current(&claims, channel, now)?;
        Ok(Arc::new(claims))
    }

    /// Checks a refresh token of that channel by itself. Whether its generation is current, and why
    /// its time is over if it is, the row knows. One from the future is good: only this installation
    /// signs, so its clock was set back since, which is nobody's reason to sign in again.
    pub fn check_refresh(
        &self,
        token: &RefreshToken,
        channel: Channel,
        now: Timestamp,
    ) -> Result<RefreshClaims, TokenError> {
        let claims: RefreshClaims = self.verify(TokenKind::Refresh, token.expose(), now)?;
        self.check_issuer(&claims.iss)?;
        self.check_audience(TokenKind::Refresh, channel, &claims.aud)?;
        Ok(claims)
    }

    fn verify_and_remember(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Arc<AccessClaims>, TokenError> {
        let epoch = self.verified.epoch();
        let claims = Arc::new(self.verify_access(token, now)?);
        self.verified.insert(token, epoch, Arc::clone(&claims));
        Ok(claims)
    }

    /// What stays true of a token: signature and issuer.
    fn verify_access(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        let claims: AccessClaims = self.verify(TokenKind::Access, token, now)?;
        self.check_issuer(&claims.iss)?;
        Ok(claims)
    }

    /// What depends on where and when it is presented.
    fn check_current(
        &self,
        claims: &AccessClaims,
        channel: Channel,
        now: Timestamp,
    ) -> Result<(), TokenError> {
        self.check_audience(TokenKind::Access, channel, &claims.aud)?;
        check_issued(claims.iat, now)?;
        if now.as_seconds() >= claims.exp {
            return Err(TokenError::Expired);
        }
        Ok(())
    }

    fn sign<T: Serialize>(
        &self,
        kind: TokenKind,
        claims: &T,
        now: Timestamp,
    ) -> Result<String, SigningError> {
        let ring = self.keys();
        let key = ring.signing(now).ok_or(SigningError::NoKey)?;
        let header =
            serde_json::json!({ "alg": key.alg().name(), "kid": key.kid(), "typ": kind.typ() });
        let payload = serde_json::to_string(claims).map_err(SigningError::Claims)?;
        let signed = signed_part(&header.to_string(), &payload);
        let signature = key.sign(signed.as_bytes())?;
        Ok(format!("{signed}.{signature}"))
    }

    fn verify<T: DeserializeOwned>(
        &self,
        kind: TokenKind,
        token: &str,
        now: Timestamp,
    ) -> Result<T, TokenError> {
        let compact = Compact::parse(token)?;
        check_header(&compact.header, kind)?;
        let named = compact.header.get("kid").and_then(Value::as_str);
        let ring = self.keys();
        let key = named
            .and_then(|name| ring.find(name, kind, now))
            .ok_or(TokenError::UnknownKid)?;
        // The key knows its algorithm; what the token says of it may only agree (RFC 8725 §3.1).
        if compact.header.get("alg").and_then(Value::as_str) != Some(key.alg().name()) {
            return Err(TokenError::WrongAlg);
        }
        if !key.verify(compact.signed.as_bytes(), compact.signature) {
            return Err(TokenError::BadSignature);
        }
        serde_json::from_value(Value::Object(compact.payload)).map_err(|_| TokenError::BadClaims)
    }

    fn check_issuer(&self, iss: &str) -> Result<(), TokenError> {
        if iss != self.issuer {
            return Err(TokenError::WrongIssuer);
        }
        Ok(())
    }

    /// Also on every request, so without an allocation.
    fn check_audience(
        &self,
        kind: TokenKind,
        channel: Channel,
        aud: &str,
    ) -> Result<(), TokenError> {
        if aud.strip_prefix(self.issuer.as_str()) != Some(audience_path(kind, channel)) {
            return Err(TokenError::WrongAudience);
        }
        Ok(())
    }
}

/// `header.payload`, each encoded: what a signature is over (RFC 7515 §5.1).
pub fn signed_part(header: &str, payload: &str) -> String {
    let encode = |text: &str| compact::encode(text.as_bytes());
    format!("{}.{}", encode(header), encode(payload))
}

/// The header may name `alg`, `kid` and the due `typ`. A token that brings its own key (`jwk`,
/// `jku`, `x5u`, `x5c`) or its own rules (`crit`, `b64`) is refused whatever it says (RFC 8725 §3.5).
fn check_header(header: &Map<String, Value>, kind: TokenKind) -> Result<(), TokenError> {
    if header.get("typ").and_then(Value::as_str) != Some(kind.typ()) {
        return Err(TokenError::WrongTyp);
    }
    if header
        .keys()
        .any(|name| !matches!(name.as_str(), "alg" | "kid" | "typ"))
    {
        return Err(TokenError::ForbiddenHeader);
    }
    Ok(())
}

/// A token from the future would be good for longer than one may be, and longer than nodes remember
/// what was ended: a refresh brings one from now.
fn check_issued(iat: i64, now: Timestamp) -> Result<(), TokenError> {
    if iat > now.as_seconds() + LEEWAY_SECONDS {
        return Err(TokenError::NotYetValid);
    }
    Ok(())
}
