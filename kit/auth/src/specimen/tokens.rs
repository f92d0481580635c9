//! Tokens that are issued and checked by the code of the real ones, and are worth nothing.

use std::{slice, time::Duration};

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    accounts::AccountId,
    claims::AppClaims,
    clock::Timestamp,
    error::AuthError,
    keys::{Algorithm, KeyError, KeyRing, MasterKeys, SigningKey},
    roles::Roles,
    sessions::denylist::Denylist,
    sessions::{Channel, Client, EndReason, Lifetimes, Persistence, Session, SessionId},
    store::SealedKey,
    token::{AccessToken, TokenError, Tokens},
};

/// An access token lives for this long. Nothing else expires while it is looked at.
const LIFETIMES: Lifetimes = Lifetimes {
    access: Duration::from_mins(5),
    idle_kept: Duration::from_hours(1),
    idle_browser: Duration::from_hours(1),
    absolute: Duration::from_hours(1),
};

/// An issuer, its key, its denylist and its memory of verified tokens, made for the moment.
#[derive(Debug)]
pub struct ThrowawayTokens {
    tokens: Tokens,
    denylist: Denylist,
}

/// How thoroughly a token is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Its signature and its claims, each time; whether its session has ended is not asked.
    Signature,
    /// The same, and the denylist.
    Denylist,
    /// As the product does it: the denylist each time, the signature the first time only.
    Remembered,
}

impl ThrowawayTokens {
    /// How long an access token lives.
    pub const LIFE: Duration = LIFETIMES.access;

    /// An issuer of that name, with a new key.
    pub fn generate(issuer: &str, alg: Algorithm, now: Timestamp) -> Result<Self, AuthError> {
        let mut master = [0; 32];
        rand::fill(&mut master).map_err(|_| KeyError::Generate)?;
        let master = MasterKeys::parse(&STANDARD.encode(master)).map_err(|_| KeyError::Generate)?;
        let key = SigningKey::generate(alg)?;
        let sealed = SealedKey {
            kid: key.kid().to_owned(),
            alg: alg.name().to_owned(),
            follows: String::new(),
            sealed: master.seal(&key)?,
            published_at: now,
            signs_at: now,
            retired_at: None,
            token_ttl: Some(LIFETIMES.longest_refresh().into()),
        };
        let tokens = Tokens::new(issuer);
        tokens.set_keys(slice::from_ref(&sealed), |sealed| {
            KeyRing::open(sealed, &master)
        })?;
        Ok(Self {
            tokens,
            denylist: Denylist::default(),
        })
    }

    /// An access token for a session that began at that instant, and the session's id.
    pub fn issue(&self, at: Timestamp) -> Result<(AccessToken, SessionId), AuthError> {
        let session = Session::begin(
            AccountId::generate(),
            Roles::default(),
            Persistence::Kept,
            &Client::new(String::new(), ""),
            &LIFETIMES,
            at,
        );
        let (access, _, _) = self
            .tokens
            .issue(&session, AppClaims::new(), &LIFETIMES, at)?;
        Ok((access, session.id))
    }

    /// Puts that session on the denylist.
    pub fn end(&self, session: SessionId, now: Timestamp) {
        self.denylist.add(session, EndReason::SignedOut, now);
    }

    /// Whose token that is; the inner `None` if its session is on the denylist and was looked for.
    pub fn check(
        &self,
        token: &str,
        how: Checked,
        now: Timestamp,
    ) -> Result<Option<AccountId>, TokenError> {
        let claims = if how == Checked::Remembered {
            self.tokens.check_access(token, Channel::Cookies, now)?
        } else {
            self.tokens
                .check_access_anew(token, Channel::Cookies, now)?
        };
        if how != Checked::Signature && self.denylist.find(&claims).is_some() {
            return Ok(None);
        }
        Ok(Some(claims.sub))
    }
}
