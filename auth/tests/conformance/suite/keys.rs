//! About signing keys.

use monban_auth::store::SealedKey;
use tokio::task::JoinSet;

use super::{NOW, SECOND};
use crate::engine::Stage;

pub async fn a_key_has_one_successor(stage: Stage) {
    assert!(stage.store.add_key(&key("first", "")).await.unwrap());
    assert!(!stage.store.add_key(&key("also first", "")).await.unwrap());
    let mut rotating = JoinSet::new();
    for number in 0..8 {
        let store = stage.store.clone();
        rotating.spawn(async move {
            store
                .add_key(&key(&format!("next {number}"), "first"))
                .await
                .unwrap()
        });
    }
    assert_eq!(
        rotating
            .join_all()
            .await
            .into_iter()
            .filter(|added| *added)
            .count(),
        1
    );
    assert_eq!(stage.store.list_keys().await.unwrap().len(), 2);
}

pub async fn a_key_may_sign_earlier_and_never_later(stage: Stage) {
    let (store, mut expected) = (&stage.store, key("one", ""));
    store.add_key(&expected).await.unwrap();
    let earlier = expected.signs_at - SECOND;
    assert!(store.sign_earlier("one", earlier).await.unwrap());
    for at in [earlier, earlier + SECOND] {
        assert!(!store.sign_earlier("one", at).await.unwrap());
    }
    assert!(!store.sign_earlier("nobody", earlier).await.unwrap());
    expected.signs_at = earlier;
    assert_eq!(store.list_keys().await.unwrap(), [expected]);
}

pub async fn a_key_is_retired_and_resealed_and_forgotten(stage: Stage) {
    let (store, mut expected) = (&stage.store, key("one", ""));
    store.add_key(&expected).await.unwrap();
    assert_eq!(store.list_keys().await.unwrap(), [expected.clone()]);
    store.reseal_key("one", &[9; 70]).await.unwrap();
    assert!(store.retire_key("one", NOW).await.unwrap());
    assert!(!store.retire_key("one", NOW + SECOND).await.unwrap());
    expected.sealed = vec![9; 70];
    expected.retired_at = Some(NOW);
    assert_eq!(store.list_keys().await.unwrap(), [expected]);
    store.delete_key("one").await.unwrap();
    assert_eq!(store.list_keys().await.unwrap(), []);
}

fn key(kid: &str, follows: &str) -> SealedKey {
    SealedKey {
        kid: kid.to_owned(),
        alg: "EdDSA".to_owned(),
        follows: follows.to_owned(),
        sealed: vec![0, 1, 2, 255],
        published_at: NOW,
        signs_at: NOW + SECOND,
        retired_at: None,
    }
}
