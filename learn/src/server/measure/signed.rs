//! JWTs: no lookup, or one in memory only.

use std::{sync::Arc, time::Duration};

use monban_auth::{
    AccountId, Algorithm, AuthError, Timestamp,
    specimen::{Checked, ThrowawayTokens},
};
use secrecy::ExposeSecret;

use super::{Candidate, Check, Credential, Prepared, Refused};
use crate::server::forgery::with_other_signature;

/// The issuer of the tokens, a reserved name (RFC 2606 §2).
const ISSUER: &str = "https://compare.invalid";
/// The sessions on the denylist, so that it is not empty: some hundred sign-outs within the last
/// minutes.
const ENDED: usize = 500;

/// A token that is checked in one of the three ways.
pub(super) struct SignedCheck {
    prepared: Prepared,
    tokens: Arc<ThrowawayTokens>,
    how: Checked,
}

impl SignedCheck {
    /// The three ways, which share a signing key that is made for them.
    pub(super) fn prepare(alg: Algorithm, now: Timestamp) -> Result<[Self; 3], AuthError> {
        let tokens = Arc::new(ThrowawayTokens::generate(ISSUER, alg, now)?);
        for _ in 0..ENDED {
            let (_, session) = tokens.issue(now)?;
            tokens.end(session, now);
        }
        let issue = |tokens: &ThrowawayTokens, at| -> Result<_, AuthError> {
            let (token, session) = tokens.issue(at)?;
            Ok((Credential::new(token.expose()), session))
        };
        let (ended, session) = issue(&tokens, now)?;
        tokens.end(session, now);

        let (genuine, _) = issue(&tokens, now)?;
        let long_ago = now - ThrowawayTokens::LIFE - Duration::from_secs(1);
        let wrong = [
            Credential::new(with_other_signature(genuine.secret.expose_secret())),
            issue(&ThrowawayTokens::generate(ISSUER, alg, now)?, now)?.0,
            issue(&tokens, long_ago)?.0,
            // The last one: without a denylist it is valid.
            ended,
        ];
        Ok([
            (Candidate::Jwt, Checked::Signature, 3),
            (Candidate::JwtDenylist, Checked::Denylist, 4),
            (Candidate::JwtRemembered, Checked::Remembered, 4),
        ]
        .map(|(candidate, how, refuses)| Self {
            prepared: Prepared {
                candidate,
                genuine: genuine.clone(),
                wrong: wrong.iter().take(refuses).cloned().collect(),
            },
            tokens: Arc::clone(&tokens),
            how,
        }))
    }
}

impl Check for SignedCheck {
    const IS_CPU_BOUND: bool = true;

    fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    async fn check(
        &mut self,
        presented: &Credential,
        now: Timestamp,
    ) -> Result<AccountId, Refused> {
        let token = presented.secret.expose_secret();
        let account = self.tokens.check(token, self.how, now)?;
        account.ok_or(Refused::Denied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use monban_auth::TokenError;

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
                match (who, &refused[3..]) {
                    (Candidate::Jwt, []) | (_, [Refused::Denied]) => {}
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
        let over = check.check(&genuine, NOW + ThrowawayTokens::LIFE).await;
        assert!(matches!(over, Err(Refused::Token(TokenError::Expired))));
    }
}
