//! A whole life, and what the tokens say along the way.

use std::fs;

use monban_auth::{AccessError, Actor, EndReason, Generation, GrantError, Persistence};
use serde_json::Value;

use crate::{
    forge::claims_of,
    stage::{DAY, ISSUER, MINUTE, SECOND, Stage, entry},
};

#[tokio::test]
async fn somebody_signs_up_stays_signed_in_for_weeks_and_signs_out() {
    let stage = Stage::new().await;
    let mut pair = stage.member("ann@example.com").await;
    let account = pair.claims.sub;
    for _ in 0..20 {
        assert_eq!(stage.visit(&pair).await.sub, account);
        stage.pass(DAY);
        assert!(stage.auth.check_access(pair.access.expose()).await.is_err());
        pair = stage.refresh(&pair).await.unwrap();
    }
    assert_eq!(
        pair.claims.generation,
        (0..20).fold(Generation::FIRST, |generation, _| generation.next())
    );

    stage.auth.sign_out(&pair.refresh).await.unwrap();
    assert_eq!(
        stage.auth.check_access(pair.access.expose()).await,
        Err(AccessError::Ended(EndReason::SignedOut))
    );
    assert_eq!(stage.ended(&pair.refresh).await, EndReason::SignedOut);
    assert_eq!(
        stage.audit(pair.claims.sid).await,
        [entry("signed_in", ""), entry("session_ended", "signed_out")]
    );
}

#[tokio::test]
async fn a_session_is_one_row_however_often_it_refreshes() {
    let stage = Stage::new().await;
    let mut pair = stage.member("ann@example.com").await;
    for _ in 0..50 {
        stage.pass(MINUTE);
        pair = stage.refresh(&pair).await.unwrap();
    }
    assert_eq!(stage.count("SELECT count(*) FROM sessions").await, 1);
    assert_eq!(stage.count("SELECT generation FROM sessions").await, 51);
    assert_eq!(
        stage
            .count("SELECT count(*) FROM audit WHERE event <> 'account_created'")
            .await,
        1
    );
}

#[tokio::test]
async fn the_tokens_say_who_and_for_how_long_and_nothing_personal() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let (access, refresh) = (
        claims_of(pair.access.expose()),
        claims_of(pair.refresh.expose()),
    );

    for claims in [&access, &refresh] {
        assert_eq!(claims["iss"], ISSUER);
        assert_eq!(claims["sub"], pair.claims.sub.to_string());
        assert_eq!(claims["sid"], pair.claims.sid.to_string());
        assert_eq!(claims["gen"], 1);
        assert_eq!(claims["iat"], stage.now().as_seconds());
        assert!(!claims.to_string().contains("example.com"), "{claims}");
    }
    assert_eq!(access["aud"], ISSUER);
    assert_eq!(refresh["aud"], format!("{ISSUER}/refresh"));
    assert_eq!(access["exp"], (stage.now() + 5 * MINUTE).as_seconds());
    assert_eq!(refresh["exp"], (stage.now() + 30 * DAY).as_seconds());
    assert_eq!(
        names(&access),
        [
            "amr",
            "aud",
            "auth_time",
            "exp",
            "gen",
            "iat",
            "iss",
            "jti",
            "roles",
            "sid",
            "sub",
            "ver"
        ]
    );
    assert_eq!(
        names(&refresh),
        ["aud", "exp", "gen", "iat", "iss", "jti", "sid", "sub"]
    );
}

#[tokio::test]
async fn both_tokens_together_stay_under_two_kibibytes() {
    let stage = Stage::new().await;
    stage.member("ann@example.com").await;
    stage
        .sql("UPDATE accounts SET roles = 'admin auditor editor moderator supervisor'")
        .await;
    let pair = stage
        .sign_in("ann@example.com", crate::stage::PASSWORD)
        .await
        .unwrap();
    assert_eq!(pair.claims.roles.len(), 5);
    assert!(pair.access.expose().len() + pair.refresh.expose().len() < 2048);
}

#[tokio::test]
async fn an_account_gets_no_more_roles_than_its_tokens_can_carry() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let role = |number: usize| format!("{}{number:02}", "a".repeat(30)).parse().unwrap();
    let mut granted = 0;
    while granted < 80 {
        match stage
            .auth
            .roles()
            .grant(pair.claims.sub, &role(granted), Actor::Cli)
            .await
        {
            Ok(new) => assert!(new),
            Err(GrantError::TooManyRoles(error)) => {
                assert!(error.to_string().contains("at most 16 roles"), "{error}");
                break;
            }
            Err(GrantError::Auth(error)) => panic!("{error}"),
        }
        granted += 1;
    }
    stage.pass(SECOND);
    let pair = stage.refresh(&pair).await.unwrap();
    assert_eq!(stage.visit(&pair).await.roles.len(), granted);
    assert_eq!(granted, 15, "512 bytes of names this long");
}

#[tokio::test]
async fn roles_arrive_with_the_next_refresh() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    assert_eq!(pair.claims.roles, [""; 0]);
    stage
        .sql("UPDATE accounts SET roles = 'admin auditor'")
        .await;
    let pair = stage.refresh(&pair).await.unwrap();
    assert_eq!(stage.visit(&pair).await.roles, ["admin", "auditor"]);
}

#[tokio::test]
async fn auth_time_stays_the_time_of_the_sign_in() {
    let stage = Stage::new().await;
    let signed_up_at = stage.now().as_seconds();
    let pair = stage.member("ann@example.com").await;
    stage.pass(DAY);
    let pair = stage.refresh(&pair).await.unwrap();
    assert_eq!(
        (pair.claims.auth_time, pair.claims.iat),
        (signed_up_at, stage.now().as_seconds())
    );
}

#[tokio::test]
async fn nothing_that_opens_anything_is_printed_or_stored() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.auth.write_behind().await.unwrap();
    let printed = format!("{pair:?} {:?}", stage.auth);
    let database = fs::read(stage.data().join("monban.db")).unwrap();
    let log = fs::read(stage.data().join("monban.db-wal")).unwrap_or_default();
    let stored = String::from_utf8_lossy(&[database, log].concat()).into_owned();
    for token in [pair.access.expose(), pair.refresh.expose()] {
        let signature = token.rsplit('.').next().unwrap();
        assert!(!printed.contains(signature));
        assert!(!stored.contains(signature));
    }
    assert!(!stored.contains(crate::stage::PASSWORD));
    assert!(
        stored.contains("$argon2id$"),
        "the search looks where the data is"
    );
}

#[tokio::test]
async fn an_access_token_is_checked_again_on_every_request() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.visit(&pair).await;
    stage.pass((5 * MINUTE).checked_sub(SECOND).unwrap());
    stage.visit(&pair).await;
    stage.pass(SECOND);
    assert!(stage.auth.check_access(pair.access.expose()).await.is_err());
}

#[tokio::test]
async fn the_session_list_shows_where_somebody_is_signed_in_the_newest_first() {
    let stage = Stage::new().await;
    let old = stage.member("ann@example.com").await;
    stage.member("bob@example.com").await;
    stage.pass(DAY);
    let new = stage
        .sign_in_for(
            "ann@example.com",
            crate::stage::PASSWORD,
            Persistence::Browser,
        )
        .await
        .unwrap();
    stage.pass(MINUTE);
    stage.visit(&new).await;

    let sessions = stage.list_sessions(&new).await;
    let ids: Vec<_> = sessions.iter().map(|session| session.id).collect();
    assert_eq!(ids, [new.claims.sid, old.claims.sid]);
    assert_eq!(sessions[0].seen_at, stage.now());
    assert_eq!(sessions[0].ip, "203.0.113.7");
    assert!(sessions[0].user_agent.contains("Firefox"));

    stage.pass(12 * crate::stage::HOUR);
    let sessions = stage.list_sessions(&new).await;
    assert_eq!(
        sessions.len(),
        1,
        "the browser session is over, the kept one is not"
    );
}

fn names(claims: &Value) -> Vec<&str> {
    let mut names: Vec<_> = claims
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names
}
