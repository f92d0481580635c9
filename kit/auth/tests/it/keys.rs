//! The life of signing keys, where nodes are not all set alike.

use monban_auth::{Actor, Algorithm, Auth};

use crate::stage::{DAY, HOUR, MINUTE, Stage, rules};

/// What the maintenance of a node does that has heard of the others' keys.
async fn maintain(auth: &Auth) {
    let unknown = auth
        .keys()
        .retire("looked up after the keys were read", Actor::Cli)
        .await;
    unknown.unwrap_err();
    auth.run_maintenance().await.unwrap();
}

fn algorithms(auth: &Auth) -> Vec<Algorithm> {
    auth.keys().list().iter().map(|key| key.alg).collect()
}

#[tokio::test]
async fn while_the_algorithm_is_changed_node_by_node_keys_do_not_rotate_in_turns() {
    use Algorithm::{EdDsa, Es256};
    let old = Stage::new().await;
    old.pass(HOUR);
    let mut changed = rules();
    changed.keys.algorithm = Es256;
    let new = old.beside(changed).await;
    for _ in 0..12 {
        maintain(&new).await;
        maintain(&old.auth).await;
        old.pass(MINUTE * 10);
    }
    maintain(&old.auth).await;
    assert_eq!(algorithms(&old.auth), [EdDsa, Es256]);

    // The old one crashes before its turn comes, and is there for a while once more: that start is
    // the last for now.
    let old = old.crash().await;
    for _ in 0..12 {
        maintain(&old.auth).await;
        maintain(&new).await;
        old.pass(MINUTE * 10);
    }
    assert_eq!(algorithms(&old.auth), [EdDsa, Es256, EdDsa]);
    let all_changed = old.beside(changed).await;
    maintain(&all_changed).await;
    assert_eq!(algorithms(&all_changed), [EdDsa, Es256, EdDsa, Es256]);

    // Whichever node comes first rotates when it is time to.
    old.pass(DAY * 31);
    maintain(&new).await;
    assert_eq!(algorithms(&new).len(), 5);
}

#[tokio::test]
async fn a_key_stays_for_as_long_as_tokens_live_that_it_signed_whatever_is_set_later() {
    // A day would have been forgotten with the old rules.
    let long = Stage::new().await;
    let mut pair = long.member("ann@example.com").await;
    let mut short = rules();
    short.lifetimes.idle_kept = HOUR;
    short.lifetimes.idle_browser = HOUR;
    short.lifetimes.absolute = DAY;
    let other = long.beside(short).await;
    // Each of them may sign by the key of the other.
    other.keys().rotate(true, Actor::Cli).await.unwrap();
    maintain(&long.auth).await;
    pair = long.refresh(&pair).await.unwrap();
    other.keys().rotate(true, Actor::Cli).await.unwrap();
    for _ in 0..29 {
        long.pass(DAY);
        maintain(&other).await;
    }
    assert_eq!(other.keys().list().len(), 3);
    long.refresh(&pair).await.unwrap();

    // The first one's tokens lived for 30 days, and are over by now.
    long.pass(DAY * 31);
    maintain(&other).await;
    // It lists what it has read, and reads again what it has deleted from.
    maintain(&other).await;
    assert_eq!(other.keys().list().len(), 2);
}

#[tokio::test]
async fn what_is_done_to_keys_is_in_the_audit_with_who_did_it() {
    let stage = Stage::new().await;
    let admin = stage.member("ann@example.com").await.claims.sub;
    let first = stage.auth.keys().list()[0].kid.clone();
    let by = Actor::Account(admin);
    let second = stage.auth.keys().rotate(true, by).await.unwrap();
    stage.auth.keys().retire(&first, Actor::Cli).await.unwrap();
    stage.auth.keys().retire(&first, Actor::Cli).await.unwrap();
    stage.pass(DAY * 30);
    stage.auth.run_maintenance().await.unwrap();
    let third = stage.auth.keys().list().last().unwrap().kid.clone();
    let row = |event: &str, kid: &String, actor: String| (event.to_owned(), kid.clone(), actor);
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT event, kid, actor FROM audit WHERE kid IS NOT NULL ORDER BY at, id")
            .fetch_all(&stage.database().await)
            .await
            .unwrap();
    assert_eq!(
        rows,
        [
            row("key_rotated", &second, admin.to_string()),
            row("key_retired", &first, "cli".to_owned()),
            row("key_rotated", &third, "server".to_owned()),
        ]
    );
}
