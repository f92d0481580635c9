//! JWTs: nothing is looked up but, if at all, a list in memory.

use std::{slice, sync::Arc, time::Duration};

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::ExposeSecret;

use super::{Candidate, Check, Credential, Prepared, Refused};
use crate::{
    account::AccountId,
    auth::AuthError,
    clock::Timestamp,
    denylist::Denylist,
    keys::{Algorithm, KeyError, KeyRing, MasterKeys, SigningError, SigningKey},
    lesson::with_other_signature,
    roles::Roles,
    session::{Channel, Client, EndReason, Lifetimes, Persistence, Session, SessionId},
    store::SealedKey,
    token::Tokens,
};

/// Nobody's (RFC 2606 §2).
const ISSUER: &str = "https://compare.invalid";
/// Nothing expires while it is measured, whatever the settings say.
const LIFETIMES: Lifetimes = Lifetimes {
    access: Duration::from_mins(5),
    idle_kept: Duration::from_hours(1),
    idle_browser: Duration::from_hours(1),
    absolute: Duration::from_hours(1),
};
/// Sessions on the denylist, so that it is not empty: some hundred people who signed out within
/// the last minutes.
const ENDED: usize = 500;

/// A token that is checked in one of the three ways.
pub(super) struct SignedCheck {
    prepared: Prepared,
    tokens: Arc<Tokens>,
    denylist: Arc<Denylist>,
}

impl SignedCheck {
    /// The three, which share a key that is made for them and never leaves them.
    pub(super) fn prepare(alg: Algorithm, now: Timestamp) -> Result<[Self; 3], AuthError> {
        let tokens = Arc::new(throwaway(alg, now)?);
        let denylist = Denylist::default();
        for _ in 0..ENDED {
            denylist.add(SessionId::generate(), EndReason::SignedOut, now);
        }
        let ended = session(now);
        denylist.add(ended.id, EndReason::SignedOut, now);
        let denylist = Arc::new(denylist);

        let genuine = issue(&tokens, &session(now), now)?;
        let long_ago = now - LIFETIMES.access - Duration::from_secs(1);
        let wrong = [
            Credential::new(with_other_signature(genuine.secret.expose_secret())),
            issue(&throwaway(alg, now)?, &session(now), now)?,
            issue(&tokens, &session(long_ago), long_ago)?,
            // The last: it is good for whoever has no denylist.
            issue(&tokens, &ended, now)?,
        ];
        Ok([
            (Candidate::Jwt, 3),
            (Candidate::JwtDenylist, 4),
            (Candidate::JwtRemembered, 4),
        ]
        .map(|(candidate, refuses)| Self {
            prepared: Prepared {
                candidate,
                genuine: genuine.clone(),
                wrong: wrong.iter().take(refuses).cloned().collect(),
            },
            tokens: Arc::clone(&tokens),
            denylist: Arc::clone(&denylist),
        }))
    }
}

impl Check for SignedCheck {
    const COMPUTES: bool = true;

    fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    async fn check(
        &mut self,
        presented: &Credential,
        now: Timestamp,
    ) -> Result<AccountId, Refused> {
        let token = presented.secret.expose_secret();
        let claims = if self.prepared.candidate == Candidate::JwtRemembered {
            self.tokens.check_access(token, Channel::Cookies, now)?
        } else {
            self.tokens
                .check_access_anew(token, Channel::Cookies, now)?
        };
        if self.prepared.candidate != Candidate::Jwt
            && let Some(denial) = self.denylist.find(&claims)
        {
            return Err(Refused::Denied(denial));
        }
        Ok(claims.sub)
    }
}

/// Tokens with a key of their own.
fn throwaway(alg: Algorithm, now: Timestamp) -> Result<Tokens, AuthError> {
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
    let tokens = Tokens::new(ISSUER);
    tokens.set_keys(slice::from_ref(&sealed), |sealed| {
        KeyRing::open(sealed, &master)
    })?;
    Ok(tokens)
}

fn issue(tokens: &Tokens, session: &Session, now: Timestamp) -> Result<Credential, SigningError> {
    let (access, _, _) = tokens.issue(session, &LIFETIMES, now)?;
    Ok(Credential::new(access.expose()))
}

/// Somebody's session, as it would be in its row.
fn session(now: Timestamp) -> Session {
    Session::begin(
        AccountId::generate(),
        Roles::default(),
        Persistence::Kept,
        &Client::new(String::new(), ""),
        &LIFETIMES,
        now,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{denylist::Denial, token::TokenError};

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    #[tokio::test]
    async fn each_refuses_what_it_must() {
        for alg in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Hs256] {
            for mut check in SignedCheck::prepare(alg, NOW).unwrap() {
                let who = check.prepared().candidate;
                let genuine = check.prepared().genuine.clone();
                check.check(&genuine, NOW).await.unwrap();
                let mut refused = Vec::new();
                for wrong in check.prepared().wrong.clone() {
                    refused.push(check.check(&wrong, NOW).await.unwrap_err());
                }
                assert!(
                    matches!(
                        refused[..3],
                        [
                            Refused::Token(TokenError::BadSignature),
                            Refused::Token(TokenError::UnknownKid),
                            Refused::Token(TokenError::Expired)
                        ]
                    ),
                    "{who:?}: {refused:?}"
                );
                let ended = Denial::Ended(EndReason::SignedOut);
                match (who, &refused[3..]) {
                    (Candidate::Jwt, []) => {}
                    (_, [Refused::Denied(denial)]) if *denial == ended => {}
                    other => panic!("{other:?}"),
                }
            }
        }
    }

    #[tokio::test]
    async fn a_jwt_alone_knows_of_no_sign_out() {
        let [mut alone, denylist, _] = SignedCheck::prepare(Algorithm::EdDsa, NOW).unwrap();
        let ended = denylist.prepared().wrong.last().unwrap();
        alone.check(ended, NOW).await.unwrap();
    }

    #[tokio::test]
    async fn a_remembered_token_still_expires() {
        let [_, _, mut check] = SignedCheck::prepare(Algorithm::EdDsa, NOW).unwrap();
        let genuine = check.prepared().genuine.clone();
        check.check(&genuine, NOW).await.unwrap();
        let over = check.check(&genuine, NOW + LIFETIMES.access).await;
        assert!(matches!(over, Err(Refused::Token(TokenError::Expired))));
    }
}
