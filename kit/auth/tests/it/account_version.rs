//! What a token says of its account, and that nobody believes it once it is no longer true: by the
//! account's version, whatever the clock says.

use std::{sync::Arc, time::Duration};

use monban_auth::{AccessError, Actor, Email, Name, Password, Role, SignUp, TokenPair};
use tokio::time::sleep;

use crate::{
    forge::{Forge, claims_of, without},
    stage::{MINUTE, PASSWORD, SECOND, Stage},
};

#[tokio::test]
async fn what_is_done_to_an_account_is_in_the_audit_with_who_did_it() {
    let stage = Stage::new().await;
    let admin = stage.member("ann@example.com").await.claims.sub;
    let new = SignUp {
        name: Name::parse("Bob").unwrap(),
        email: Email::parse("bob@example.com").unwrap(),
        password: Password::parse(PASSWORD).unwrap(),
    };
    let bob = stage
        .auth
        .accounts()
        .create(new, Actor::Cli)
        .await
        .unwrap()
        .id;
    let by = Actor::Account(admin);
    assert!(
        stage
            .auth
            .roles()
            .grant(bob, &self::admin(), by)
            .await
            .unwrap()
    );
    assert!(
        stage
            .auth
            .roles()
            .revoke(bob, &self::admin(), Actor::Cli)
            .await
            .unwrap()
    );
    assert!(stage.auth.accounts().disable(bob, by).await.unwrap());
    assert!(stage.auth.accounts().enable(bob, Actor::Cli).await.unwrap());
    let rows: Vec<(String, Option<String>)> =
        sqlx::query_as("SELECT event, actor FROM audit ORDER BY rowid")
            .fetch_all(&stage.database().await)
            .await
            .unwrap();
    let row = |event: &str, actor: Option<String>| (event.to_owned(), actor);
    let (ann, cli) = (Some(admin.to_string()), Some("cli".to_owned()));
    assert_eq!(
        rows,
        [
            row("account_created", None),
            row("signed_in", None),
            row("account_created", cli.clone()),
            row("roles_changed", ann.clone()),
            row("roles_changed", cli.clone()),
            row("account_disabled", ann),
            row("account_enabled", cli),
        ]
    );
}

#[tokio::test]
async fn a_role_that_comes_and_goes_within_one_second_is_in_no_token_that_is_believed() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let id = pair.claims.sub;
    assert!(
        stage
            .auth
            .roles()
            .grant(id, &admin(), Actor::Cli)
            .await
            .unwrap()
    );
    assert_eq!(check(&stage, &pair).await, Err(AccessError::Stale));
    let granted = stage.refresh(&pair).await.unwrap();
    assert_eq!(stage.visit(&granted).await.roles, ["admin"]);

    assert!(
        stage
            .auth
            .roles()
            .revoke(id, &admin(), Actor::Cli)
            .await
            .unwrap()
    );
    for _ in 0..2 {
        assert_eq!(check(&stage, &granted).await, Err(AccessError::Stale));
        let revoked = stage.refresh(&granted).await.unwrap();
        assert_eq!(stage.visit(&revoked).await.roles, [""; 0]);
        stage.pass(SECOND);
    }
}

/// The change is dated, and waits for the database; meanwhile a token is made of what is still true.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_taken_while_the_database_waits_is_in_no_token_that_is_believed() {
    let stage = Arc::new(Stage::new().await);
    let first = stage.member("ann@example.com").await;
    let id = first.claims.sub;
    loop {
        assert!(
            stage
                .auth
                .roles()
                .grant(id, &admin(), Actor::Cli)
                .await
                .unwrap()
        );
        stage.pass(MINUTE);
        // So that the first token gets the same generation again, which writes nothing.
        stage.refresh(&first).await.unwrap();

        let database = stage.database().await;
        let lock = database.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let revoking = tokio::spawn({
            let stage = Arc::clone(&stage);
            async move { stage.auth.roles().revoke(id, &admin(), Actor::Cli).await }
        });
        // If it comes to its write later than this, the test is easier to pass.
        sleep(Duration::from_millis(200)).await;
        stage.pass(2 * SECOND);
        let meanwhile = stage.refresh(&first).await.unwrap();
        lock.rollback().await.unwrap();
        // A slow machine may keep the lock for longer than anybody waits for it.
        if revoking.await.unwrap().is_err() {
            stage
                .auth
                .roles()
                .revoke(id, &admin(), Actor::Cli)
                .await
                .unwrap();
            continue;
        }
        assert_eq!(meanwhile.claims.roles, ["admin"]);
        assert_eq!(check(&stage, &meanwhile).await, Err(AccessError::Stale));
        return;
    }
}

#[tokio::test]
async fn a_token_from_before_accounts_had_a_version_stays_good_until_its_account_changes() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let forge = Forge::read(&stage.data()).await;
    let old = claims_of(pair.access.expose());
    assert_eq!(old["ver"], 1);
    let old = forge.access(&without(&old, "ver"));
    stage.auth.check_access(old.expose()).await.unwrap();
    stage.pass(SECOND);
    assert!(
        stage
            .auth
            .roles()
            .grant(pair.claims.sub, &admin(), Actor::Cli)
            .await
            .unwrap()
    );
    let checked = stage.auth.check_access(old.expose()).await;
    assert_eq!(checked, Err(AccessError::Stale));
}

#[tokio::test]
async fn a_change_while_the_clock_is_behind_leads_to_one_renewal() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    assert!(
        stage
            .auth
            .roles()
            .grant(pair.claims.sub, &admin(), Actor::Cli)
            .await
            .unwrap()
    );
    stage.clock.set_back(60 * MINUTE);
    let renewed = stage.refresh(&pair).await.unwrap();
    assert_eq!(stage.visit(&renewed).await.roles, ["admin"]);
}

#[tokio::test]
async fn a_sign_in_under_way_does_not_outlive_a_disabling() {
    for enabled_again in [false, true] {
        let mut rules = crate::stage::rules();
        // So that the hash takes a while.
        rules.hashing.memory_kib = 64 * 1024;
        let stage = Stage::with(rules).await;
        let id = stage.member("ann@example.com").await.claims.sub;
        let disable = async {
            sleep(Duration::from_millis(20)).await;
            assert!(stage.auth.accounts().disable(id, Actor::Cli).await.unwrap());
            if enabled_again {
                assert!(stage.auth.accounts().enable(id, Actor::Cli).await.unwrap());
            }
        };
        let (signed_in, ()) = tokio::join!(stage.sign_in("ann@example.com", PASSWORD), disable);
        if !enabled_again {
            stage.auth.accounts().enable(id, Actor::Cli).await.unwrap();
        }
        // It may have begun after all that, or been over before.
        if let Ok(pair) = signed_in
            && !enabled_again
        {
            assert!(stage.refresh(&pair).await.is_err());
        }
        let left = "SELECT count(*) FROM sessions WHERE ended_at IS NULL";
        assert!(stage.count(left).await <= i64::from(enabled_again));
    }
}

async fn check(stage: &Stage, pair: &TokenPair) -> Result<(), AccessError> {
    let checked = stage.auth.check_access(pair.access.expose()).await;
    checked.map(|_| ())
}

fn admin() -> Role {
    "admin".parse().unwrap()
}
