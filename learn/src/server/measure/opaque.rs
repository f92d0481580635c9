//! Opaque secrets: a session's id and an API key, which are looked up for each request.

use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use secrecy::ExposeSecret;

use super::{
    Candidate, Check, Credential, Prepared, Refused, hashed, random,
    table::{MemoryTable, StoredCredential},
};
use monban_auth::{AccountId, Timestamp};

use super::PrepareError;

/// The lifetime of a valid credential: none expires while it is measured.
const LIFE: Duration = Duration::from_hours(1);
/// The rows of other accounts in the same table.
const OTHER_ROWS: usize = 500;

/// A secret whose hash is in a table.
pub(super) struct OpaqueCheck {
    prepared: Prepared,
    table: MemoryTable,
}

impl OpaqueCheck {
    /// The id of a session in a table, and the CSRF token that belongs to it.
    pub(super) async fn session(now: Timestamp) -> Result<Self, PrepareError> {
        let mut table = MemoryTable::create().await?;
        let [genuine, other, expired] = [(); 3].map(|()| -> Result<_, PrepareError> {
            let csrf = random()?;
            let credential = Credential::new(random()?).with_csrf(csrf.clone());
            Ok((credential, csrf))
        });
        let (genuine, other, expired) = (genuine?, other?, expired?);
        fill(
            &mut table,
            [
                (&genuine.0, &genuine.1, now + LIFE),
                (&other.0, &other.1, now + LIFE),
                (&expired.0, &expired.1, now),
            ],
        )
        .await?;
        let wrong = vec![
            Credential::new(random()?).with_csrf(genuine.1.clone()),
            Credential::new(genuine.0.secret.clone()).with_csrf(other.1),
            Credential::new(genuine.0.secret.clone()).with_csrf(""),
            Credential::new(genuine.0.secret.clone()),
            expired.0,
        ];
        Ok(Self {
            prepared: Prepared {
                candidate: Candidate::Session,
                genuine: genuine.0,
                wrong,
            },
            table,
        })
    }

    /// An API key in a table. No browser sends it by itself, so nothing has to prove which page did.
    pub(super) async fn api_key(now: Timestamp) -> Result<Self, PrepareError> {
        let mut table = MemoryTable::create().await?;
        // A prefix lets scanners of source code find a key that leaked.
        let key = || Ok::<_, PrepareError>(Credential::new(format!("monban_{}", random()?)));
        let (genuine, expired, none) = (key()?, key()?, String::new());
        fill(
            &mut table,
            [(&genuine, &none, now + LIFE), (&expired, &none, now)],
        )
        .await?;
        Ok(Self {
            prepared: Prepared {
                candidate: Candidate::ApiKey,
                genuine,
                wrong: vec![key()?, expired],
            },
            table,
        })
    }
}

impl Check for OpaqueCheck {
    const IS_CPU_BOUND: bool = false;

    fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    async fn check(
        &mut self,
        presented: &Credential,
        now: Timestamp,
    ) -> Result<AccountId, Refused> {
        let key = hashed(presented.secret.expose_secret());
        let row = self.table.find(&key).await?.ok_or(Refused::Unknown)?;
        if now >= row.expires_at {
            return Err(Refused::Expired);
        }
        if matches!(self.prepared.candidate, Candidate::Session) {
            let csrf = presented.csrf.as_ref().map(ExposeSecret::expose_secret);
            let csrf = csrf.unwrap_or_default();
            verify_slices_are_equal(row.csrf.as_bytes(), csrf.as_bytes())
                .map_err(|_| Refused::Csrf)?;
        }
        Ok(row.account_id)
    }
}

/// Inserts these credentials, each with its CSRF token and its expiry, among many others.
async fn fill<const N: usize>(
    table: &mut MemoryTable,
    known: [(&Credential, &String, Timestamp); N],
) -> Result<(), PrepareError> {
    let row = |secret: &str, csrf: &str, expires_at| {
        let stored = StoredCredential {
            csrf: csrf.to_owned(),
            account_id: AccountId::generate(),
            roles: "member".to_owned(),
            expires_at,
        };
        (hashed(secret), stored)
    };
    let mut rows = Vec::with_capacity(N + OTHER_ROWS);
    for (credential, csrf, expires_at) in known {
        rows.push(row(credential.secret.expose_secret(), csrf, expires_at));
        for _ in 0..OTHER_ROWS / N {
            rows.push(row(&random()?, &random()?, expires_at));
        }
    }
    Ok(table.insert(&rows).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    async fn refusals(mut check: OpaqueCheck) -> Vec<Refused> {
        let genuine = check.prepared().genuine.clone();
        check.check(&genuine, NOW).await.unwrap();
        let mut refused = Vec::new();
        for wrong in check.prepared().wrong.clone() {
            refused.push(check.check(&wrong, NOW).await.unwrap_err());
        }
        refused
    }

    #[tokio::test]
    async fn a_session_refuses_what_it_must() {
        let refused = refusals(OpaqueCheck::session(NOW).await.unwrap()).await;
        assert!(
            matches!(
                refused[..],
                [
                    Refused::Unknown,
                    Refused::Csrf,
                    Refused::Csrf,
                    Refused::Csrf,
                    Refused::Expired
                ]
            ),
            "{refused:?}"
        );
    }

    #[tokio::test]
    async fn an_api_key_refuses_what_it_must() {
        let refused = refusals(OpaqueCheck::api_key(NOW).await.unwrap()).await;
        assert!(
            matches!(refused[..], [Refused::Unknown, Refused::Expired]),
            "{refused:?}"
        );
    }

    #[tokio::test]
    async fn what_is_stored_is_no_credential() {
        let mut check = OpaqueCheck::api_key(NOW).await.unwrap();
        let stored = hashed(check.prepared.genuine.secret.expose_secret());
        let refused = check.check(&Credential::new(stored), NOW).await;
        assert!(matches!(refused, Err(Refused::Unknown)));
    }
}
