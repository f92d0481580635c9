//! Ending sessions: at once, for good, and only one's own.

use monban_auth::{
    AccessError, Client, Email, EndReason, Password, Persistence, RefreshToken, SessionId, SignIn,
};

use crate::stage::{DAY, HOUR, MINUTE, PASSWORD, SECOND, Stage, entry, here};

#[tokio::test]
async fn signing_out_works_at_once_and_again() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.visit(&pair).await;
    for _ in 0..3 {
        stage.auth.sign_out(&pair.refresh).await.unwrap();
        assert_eq!(
            stage.auth.check_access(pair.access.expose()).await,
            Err(AccessError::Ended(EndReason::SignedOut))
        );
        assert_eq!(stage.ended(&pair.refresh).await, EndReason::SignedOut);
    }
    assert_eq!(
        stage.audit(pair.claims.sid).await,
        [entry("signed_in", ""), entry("session_ended", "signed_out")]
    );
}

#[tokio::test]
async fn what_nodes_have_to_hear_is_kept_while_one_may_look_for_it_and_then_forgotten() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.auth.sign_out(&pair.refresh).await.unwrap();
    let kept = async || {
        stage.auth.run_maintenance().await.unwrap();
        let changes = "SELECT count(*) FROM changes WHERE kind = 'session_ended'";
        stage.count(changes).await
    };
    // A node that starts looks back for as long as an access token may live.
    stage.pass(HOUR * 2);
    assert_eq!(kept().await, 1);
    stage.pass(SECOND);
    assert_eq!(kept().await, 0);
    assert_eq!(stage.count("SELECT count(*) FROM sessions").await, 1);
}

#[tokio::test]
async fn a_superseded_token_signs_out_as_well_as_the_current_one() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let second = stage.refresh(&first).await.unwrap();
    let third = stage.refresh(&second).await.unwrap();
    stage.auth.sign_out(&first.refresh).await.unwrap();
    assert_eq!(stage.ended(&third.refresh).await, EndReason::SignedOut);
}

#[tokio::test]
async fn an_expired_token_signs_out_too() {
    let stage = Stage::new().await;
    let old = stage.member("ann@example.com").await;
    stage.pass(29 * DAY);
    let new = stage.refresh(&old).await.unwrap();
    stage.pass(DAY);
    stage.auth.sign_out(&old.refresh).await.unwrap();
    assert_eq!(stage.ended(&new.refresh).await, EndReason::SignedOut);
}

#[tokio::test]
async fn a_token_that_is_not_ours_signs_nobody_out() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    for nonsense in ["", "nonsense", pair.access.expose()] {
        stage
            .auth
            .sign_out(&RefreshToken::new(nonsense))
            .await
            .unwrap();
    }
    stage.visit(&pair).await;
    stage.refresh(&pair).await.unwrap();
}

#[tokio::test]
async fn a_session_is_ended_from_another_one_of_the_account() {
    let stage = Stage::new().await;
    let lost = stage.member("ann@example.com").await;
    let here = stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    stage
        .auth
        .sessions()
        .end(&here.claims, lost.claims.sid)
        .await
        .unwrap();
    stage
        .auth
        .sessions()
        .end(&here.claims, lost.claims.sid)
        .await
        .unwrap();
    assert_eq!(
        stage.auth.check_access(lost.access.expose()).await,
        Err(AccessError::Ended(EndReason::Revoked))
    );
    assert_eq!(stage.ended(&lost.refresh).await, EndReason::Revoked);
    assert_eq!(stage.audit(lost.claims.sid).await.len(), 2);
    stage.visit(&here).await;

    stage
        .auth
        .sessions()
        .end(&here.claims, here.claims.sid)
        .await
        .unwrap();
    assert_eq!(stage.ended(&here.refresh).await, EndReason::SignedOut);
}

#[tokio::test]
async fn nobody_ends_the_session_of_another_account() {
    let stage = Stage::new().await;
    let ann = stage.member("ann@example.com").await;
    let bob = stage.member("bob@example.com").await;
    stage
        .auth
        .sessions()
        .end(&bob.claims, ann.claims.sid)
        .await
        .unwrap();
    stage
        .auth
        .sessions()
        .end(&bob.claims, SessionId::generate())
        .await
        .unwrap();
    stage.auth.sessions().end_others(&bob.claims).await.unwrap();
    stage.visit(&ann).await;
    stage.refresh(&ann).await.unwrap();
    assert_eq!(
        stage
            .count("SELECT count(*) FROM audit WHERE event = 'session_ended'")
            .await,
        0
    );
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_the_asker() {
    let stage = Stage::new().await;
    let mut others = vec![stage.member("ann@example.com").await];
    for _ in 0..3 {
        others.push(stage.sign_in("ann@example.com", PASSWORD).await.unwrap());
    }
    let asker = others.remove(1);
    stage
        .auth
        .sessions()
        .end_others(&asker.claims)
        .await
        .unwrap();
    for other in &others {
        assert_eq!(
            stage.auth.check_access(other.access.expose()).await,
            Err(AccessError::Ended(EndReason::Revoked))
        );
        assert_eq!(stage.ended(&other.refresh).await, EndReason::Revoked);
    }
    stage.visit(&asker).await;
    let left = stage.list_sessions(&asker).await;
    assert_eq!(left.len(), 1);
}

#[tokio::test]
async fn a_new_sign_in_in_the_same_browser_replaces_the_old_session() {
    let stage = Stage::new().await;
    let old = stage.member("ann@example.com").await;
    let new = stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    stage.auth.replace(&old.refresh).await.unwrap();
    assert_eq!(stage.ended(&old.refresh).await, EndReason::Replaced);
    stage.refresh(&new).await.unwrap();
}

#[tokio::test]
async fn what_was_ended_stays_refused_after_a_crash() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    stage.auth.sign_out(&pair.refresh).await.unwrap();
    stage.pass(MINUTE);
    let stage = stage.crash().await;
    assert_eq!(
        stage.auth.check_access(pair.access.expose()).await,
        Err(AccessError::Ended(EndReason::SignedOut))
    );
}

#[tokio::test]
async fn what_was_ended_is_refused_for_as_long_as_an_access_token_may_live() {
    let mut long = crate::stage::rules();
    long.lifetimes.access = HOUR;
    let stage = Stage::with(long).await;
    let pair = stage.member("ann@example.com").await;
    stage.auth.sign_out(&pair.refresh).await.unwrap();
    stage.pass(HOUR.checked_sub(MINUTE).unwrap());
    stage.auth.write_behind().await.unwrap();
    assert_eq!(
        stage.auth.check_access(pair.access.expose()).await,
        Err(AccessError::Ended(EndReason::SignedOut))
    );
    let stage = stage.restart().await;
    assert_eq!(
        stage.auth.check_access(pair.access.expose()).await,
        Err(AccessError::Ended(EndReason::SignedOut))
    );
}

#[tokio::test]
async fn signing_in_takes_the_place_of_what_the_browser_held_and_of_nothing_if_it_fails() {
    let stage = Stage::new().await;
    let old = stage.member("ann@example.com").await;
    let browser = Client {
        held: Some(old.refresh.clone()),
        ..here()
    };
    let sign_in = |password: &str| {
        let who = SignIn {
            email: Email::parse("ann@example.com").ok(),
            password: Password::parse(password).unwrap(),
            persistence: Persistence::Kept,
        };
        stage.auth.sign_in(who, &browser)
    };
    sign_in("not the password at all").await.unwrap_err();
    stage.visit(&old).await;
    let new = sign_in(PASSWORD).await.unwrap();
    assert_eq!(
        stage.auth.check_access(old.access.expose()).await,
        Err(AccessError::Ended(EndReason::Replaced))
    );
    assert_eq!(
        stage.audit(old.claims.sid).await,
        [entry("signed_in", ""), entry("session_ended", "replaced")]
    );
    stage.refresh(&new).await.unwrap();
}

#[tokio::test]
async fn an_account_is_signed_in_at_a_hundred_places_and_the_longest_unused_makes_way() {
    let stage = Stage::new().await;
    let first = stage.member("ann@example.com").await;
    let mut others = Vec::new();
    for _ in 1..100 {
        others.push(stage.sign_in("ann@example.com", PASSWORD).await.unwrap());
    }
    stage.pass(MINUTE);
    stage.visit(&first).await;
    stage.auth.write_behind().await.unwrap();
    let last = stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    assert_eq!(stage.list_sessions(&last).await.len(), 100);
    stage.visit(&first).await;
    let over = &others[0];
    assert_eq!(
        stage.auth.check_access(over.access.expose()).await,
        Err(AccessError::Ended(EndReason::SessionLimit))
    );
    assert_eq!(stage.ended(&over.refresh).await, EndReason::SessionLimit);
    assert_eq!(
        stage.audit(over.claims.sid).await,
        [
            entry("signed_in", ""),
            entry("session_ended", "session_limit")
        ]
    );
}

#[tokio::test]
async fn the_list_comes_in_pages_with_ones_own_session_first() {
    let stage = Stage::new().await;
    let own = stage.member("ann@example.com").await;
    for _ in 0..5 {
        stage.pass(MINUTE);
        stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    }
    let all = stage.list_sessions(&own).await;
    assert_eq!((all.len(), all[0].id), (6, own.claims.sid));
    for limit in 2..8 {
        let (mut read, mut after) = (Vec::new(), None);
        loop {
            let page = stage.auth.sessions().list(&own.claims, after, limit).await;
            let page = page.unwrap();
            assert!(page.sessions.len() <= usize::try_from(limit).unwrap());
            read.extend(page.sessions.iter().map(|session| session.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let all: Vec<_> = all.iter().map(|session| session.id).collect();
        assert_eq!(read, all, "{limit} a page");
    }
}
