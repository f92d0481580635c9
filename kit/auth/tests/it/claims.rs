//! What an app adds to the access tokens of its accounts.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use monban_auth::{
    AppClaims, AuthError, Channel, ClaimSource, ClaimsError, RefreshError, SignUpError,
};
use serde_json::json;

use crate::stage::{MINUTE, PASSWORD, Stage, here, rules};

fn plan(name: &str) -> AppClaims {
    let plan = json!({ "plan": name, "seats": [1, 2] });
    plan.as_object().unwrap().clone()
}

#[tokio::test]
async fn each_new_token_says_what_the_app_says_by_then() {
    let stage = Stage::new().await;
    let current = Arc::new(Mutex::new(plan("free")));
    stage.auth.add_claims(ClaimSource::new({
        let current = Arc::clone(&current);
        move |_| {
            let claims = current.lock().unwrap().clone();
            async { Ok::<_, std::convert::Infallible>(claims) }
        }
    }));
    let pair = stage.member("ann@example.com").await;
    let read = async |token: &str| stage.auth.check_access(token).await.unwrap().app.clone();
    assert_eq!(read(pair.access.expose()).await, plan("free"));

    *current.lock().unwrap() = plan("team");
    assert_eq!(
        read(pair.access.expose()).await,
        plan("free"),
        "as old as the token"
    );
    stage.pass(MINUTE);
    let renewed = stage.refresh(&pair).await.unwrap();
    assert_eq!(read(renewed.access.expose()).await, plan("team"));
    let repeated = stage.refresh(&pair).await.unwrap();
    assert_eq!(read(repeated.access.expose()).await, plan("team"));
}

#[tokio::test]
async fn a_token_says_nothing_of_an_app_that_says_nothing() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    assert!(pair.claims.app.is_empty());
    let said = serde_json::to_value(&*pair.claims).unwrap();
    assert_eq!(said.get("app"), None);
}

#[tokio::test]
async fn a_fault_of_the_app_costs_nobody_a_session() {
    let stage = Stage::new().await;
    let (fails, asked) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    stage.auth.add_claims(ClaimSource::new({
        let (fails, asked) = (Arc::clone(&fails), Arc::clone(&asked));
        move |_| {
            asked.fetch_add(1, Ordering::SeqCst);
            let fails = fails.load(Ordering::SeqCst);
            async move {
                if fails {
                    Err("out of order")
                } else {
                    Ok(plan("free"))
                }
            }
        }
    }));
    let pair = stage.member("ann@example.com").await;
    fails.store(true, Ordering::SeqCst);
    let refused = stage.refresh(&pair).await;
    let Err(RefreshError::Auth(error @ AuthError::Claims(ClaimsError::Failed(_)))) = refused else {
        panic!("{refused:?}");
    };
    assert!(error.is_busy());
    let refused = stage.sign_up("bob@example.com", PASSWORD).await;
    assert!(matches!(
        refused,
        Err(SignUpError::Auth(AuthError::Claims(_)))
    ));

    fails.store(false, Ordering::SeqCst);
    let renewed = stage.refresh(&pair).await.unwrap();
    assert_eq!(renewed.claims.generation, pair.claims.generation.next());
    stage.member("bob@example.com").await;
    assert_eq!(asked.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn a_renewal_that_loses_a_race_asks_the_app_once() {
    let stage = Stage::new().await;
    let pair = stage.member("ann@example.com").await;
    let other = Arc::new(stage.beside(rules()).await);
    let asked = Arc::new(AtomicUsize::new(0));
    stage.auth.add_claims(ClaimSource::new({
        let (asked, refresh) = (Arc::clone(&asked), pair.refresh.clone());
        move |_| {
            let earlier = asked.fetch_add(1, Ordering::SeqCst);
            let (other, refresh) = (Arc::clone(&other), refresh.clone());
            async move {
                // Another node moves the row on while the app is asked.
                if earlier == 0 {
                    let client = here();
                    let won = other.refresh(&refresh, Channel::Cookies, &client).await;
                    assert!(!won.unwrap().repeated);
                }
                Ok::<_, std::convert::Infallible>(plan("free"))
            }
        }
    }));
    let renewed = stage.refresh(&pair).await.unwrap();
    assert!(renewed.repeated, "the race was lost");
    assert_eq!(renewed.claims.app, plan("free"));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn claims_that_leave_no_room_in_the_cookie_are_refused() {
    let stage = Stage::new().await;
    stage.auth.add_claims(ClaimSource::new(|_| async {
        Ok::<_, std::convert::Infallible>(plan(&"x".repeat(512)))
    }));
    let refused = stage.sign_up("ann@example.com", PASSWORD).await;
    let Err(SignUpError::Auth(error @ AuthError::Claims(ClaimsError::TooLarge(_)))) = refused
    else {
        panic!("{refused:?}");
    };
    assert!(!error.is_busy());
}
