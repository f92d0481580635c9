//! The life of signing keys, where nodes are not all set alike.

use monban_auth::{Algorithm, Auth};

use crate::stage::{DAY, HOUR, MINUTE, Stage, rules};

/// What the maintenance of a node does that has heard of the others' keys.
async fn maintain(auth: &Auth) {
    let unknown = auth.retire_key("looked up after the keys were read").await;
    unknown.unwrap_err();
    auth.tidy().await.unwrap();
}

fn algorithms(auth: &Auth) -> Vec<Algorithm> {
    auth.list_keys().iter().map(|key| key.alg).collect()
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
