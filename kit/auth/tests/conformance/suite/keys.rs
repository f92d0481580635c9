//! About signing keys.

use monban_auth::{
    Actor,
    store::{Change, SealedKey, What},
};
use tokio::task::JoinSet;

use super::{DAY, NOW, SECOND};
use crate::engine::Stage;

pub async fn a_key_has_one_successor(stage: Stage) {
    assert!(
        stage
            .store
            .add_key(&key("first", ""), Actor::Server)
            .await
            .unwrap()
    );
    assert!(
        !stage
            .store
            .add_key(&key("also first", ""), Actor::Server)
            .await
            .unwrap()
    );
    let mut rotating = JoinSet::new();
    for number in 0..8 {
        let store = stage.store.clone();
        rotating.spawn(async move {
            store
                .add_key(&key(&format!("next {number}"), "first"), Actor::Server)
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
    store.add_key(&expected, Actor::Server).await.unwrap();
    let earlier = expected.signs_at - SECOND;
    assert!(
        store
            .sign_earlier("one", earlier, NOW, Actor::Cli)
            .await
            .unwrap()
    );
    for at in [earlier, earlier + SECOND] {
        assert!(
            !store
                .sign_earlier("one", at, NOW, Actor::Cli)
                .await
                .unwrap()
        );
    }
    assert!(
        !store
            .sign_earlier("nobody", earlier, NOW, Actor::Cli)
            .await
            .unwrap()
    );
    expected.signs_at = earlier;
    assert_eq!(store.list_keys().await.unwrap(), [expected]);
}

pub async fn a_key_is_retired_and_resealed_and_forgotten(stage: Stage) {
    let (store, mut expected) = (&stage.store, key("one", ""));
    store.add_key(&expected, Actor::Server).await.unwrap();
    assert_eq!(store.list_keys().await.unwrap(), [expected.clone()]);
    store
        .reseal_key("one", &[9; 70], NOW, Actor::Cli)
        .await
        .unwrap();
    assert!(store.retire_key("one", NOW, Actor::Cli).await.unwrap());
    assert!(
        !store
            .retire_key("one", NOW + SECOND, Actor::Cli)
            .await
            .unwrap()
    );
    expected.sealed = vec![9; 70];
    expected.retired_at = Some(NOW);
    assert_eq!(store.list_keys().await.unwrap(), [expected]);
    store.delete_key("one", DAY.into(), NOW).await.unwrap();
    assert_eq!(store.list_keys().await.unwrap(), []);
}

pub async fn a_key_is_kept_for_the_longest_tokens_that_were_noted(stage: Stage) {
    let store = &stage.store;
    let ttl = async || store.list_keys().await.unwrap()[0].token_ttl;
    store.add_key(&key("one", ""), Actor::Server).await.unwrap();
    for (noted, kept) in [(DAY * 2, DAY * 2), (DAY, DAY * 2), (DAY * 3, DAY * 3)] {
        store
            .lengthen_tokens("one", noted.into(), NOW)
            .await
            .unwrap();
        assert_eq!(ttl().await, Some(kept.into()));
    }
    store
        .delete_key("one", (DAY * 2).into(), NOW)
        .await
        .unwrap();
    assert_eq!(store.list_keys().await.unwrap().len(), 1);
    store
        .delete_key("one", (DAY * 3).into(), NOW)
        .await
        .unwrap();
    assert_eq!(store.list_keys().await.unwrap(), []);

    // What a version made that does not say stays unknown.
    let unknown = SealedKey {
        token_ttl: None,
        ..key("two", "")
    };
    store.add_key(&unknown, Actor::Server).await.unwrap();
    store.lengthen_tokens("two", DAY.into(), NOW).await.unwrap();
    assert_eq!(ttl().await, None);
}

pub async fn whatever_changes_a_key_is_told_and_nothing_else(stage: Stage) {
    let store = &stage.store;
    let changes_since = async |at| {
        let found = store.changes_since(at).await.unwrap();
        let what = What::KeysChanged;
        assert!(found.iter().all(|one| *one == Change { at, what }));
        found.len()
    };
    let at = |seconds| NOW + SECOND * seconds;
    store.add_key(&key("one", ""), Actor::Server).await.unwrap();
    assert_eq!(changes_since(at(0)).await, 1);
    for (step, ttl, changes) in [(1, DAY, 0), (2, DAY * 2, 1)] {
        let noted = store.lengthen_tokens("one", ttl.into(), at(step)).await;
        noted.unwrap();
        assert_eq!(changes_since(at(step)).await, changes, "noted {ttl:?}");
    }
    for (step, ttl, changes) in [(3, DAY, 0), (4, DAY * 2, 1), (5, DAY * 2, 0)] {
        let deleted = store.delete_key("one", ttl.into(), at(step)).await;
        deleted.unwrap();
        assert_eq!(changes_since(at(step)).await, changes, "deleted {ttl:?}");
    }
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
        token_ttl: Some(DAY.into()),
    }
}
