//! About accounts.

use monban_auth::{
    AccountId, AccountVersion, Actor, Email, Name, Role, Roles, Timestamp,
    store::{Change, Creation, What},
};
use tokio::task::JoinSet;

use super::{NOW, SECOND, account, hash, new_account};
use crate::engine::Stage;

pub async fn an_address_is_taken_once_however_many_ask(stage: Stage) {
    let mut asking = JoinSet::new();
    for _ in 0..8 {
        let store = stage.store.clone();
        asking.spawn(async move {
            store
                .create_account(&new_account("ann@example.com"), None)
                .await
                .unwrap()
        });
    }
    let answers = asking.join_all().await;
    let created = answers
        .iter()
        .filter(|answer| **answer == Creation::Created);
    assert_eq!(created.count(), 1);
    assert_eq!(stage.store.list_accounts(None, 9).await.unwrap().len(), 1);
}

pub async fn of_stored_hashes_each_cost_is_told_once(stage: Stage) {
    assert_eq!(stage.store.hash_costs().await.unwrap(), []);
    for (number, phc) in [
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=19456,t=2,p=1$b3RoZXJzYWx0$aGFzaA",
        "$argon2id$v=19$m=64,t=1,p=16$c2FsdHNhbHQ$aGFzaA",
    ]
    .into_iter()
    .enumerate()
    {
        let mut new = new_account(&format!("{number}@example.com"));
        new.password_hash = hash(phc);
        stage.store.create_account(&new, None).await.unwrap();
    }
    let mut costs = stage.store.hash_costs().await.unwrap();
    let of = |cost: &str| hash(&format!("$argon2id$v=19${cost}"));
    let expected = [of("m=19456,t=2,p=1"), of("m=64,t=1,p=16")];
    costs.sort_by_key(|cost| cost != &expected[0]);
    assert_eq!(costs, expected);
}

pub async fn an_account_comes_back_as_it_was_made(stage: Stage) {
    let new = new_account("ann@example.com");
    stage.store.create_account(&new, None).await.unwrap();
    let id = new.account.id;
    for found in [
        stage.store.find_account(id).await.unwrap().unwrap(),
        stage
            .store
            .find_account_by_email(&new.account.email)
            .await
            .unwrap()
            .unwrap(),
    ] {
        assert_eq!(format!("{found:?}"), format!("{:?}", new.account));
        assert_eq!(found.name, new.account.name);
    }
    let credentials = stage
        .store
        .find_credentials(&new.account.email)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(credentials.account_id, id);
    assert_eq!(credentials.password_hash, new.password_hash);
    assert!(
        stage
            .store
            .find_account(AccountId::generate())
            .await
            .unwrap()
            .is_none()
    );
    let nobody = Email::parse("nobody@example.com").unwrap();
    assert!(
        stage
            .store
            .find_credentials(&nobody)
            .await
            .unwrap()
            .is_none()
    );

    let renamed = Name::parse("Ann of Oxford").unwrap();
    assert!(stage.store.rename_account(id, &renamed).await.unwrap());
    assert!(
        !stage
            .store
            .rename_account(AccountId::generate(), &renamed)
            .await
            .unwrap()
    );
    assert_eq!(
        stage.store.find_account(id).await.unwrap().unwrap().name,
        renamed
    );

    let (from, to) = (&new.password_hash, &hash("another"));
    let kept = async || {
        let found = stage.store.find_credentials(&new.account.email).await;
        found.unwrap().unwrap().password_hash
    };
    stage.store.rehash_password(id, to, from).await.unwrap();
    assert_eq!(kept().await, *from);
    stage.store.rehash_password(id, from, to).await.unwrap();
    assert_eq!(kept().await, *to);
}

pub async fn accounts_are_listed_in_the_order_in_which_they_were_made(stage: Stage) {
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(account(&stage.store, &format!("a{number}@example.com")).await);
    }
    let first = stage.store.list_accounts(None, 3).await.unwrap();
    let rest = stage
        .store
        .list_accounts(Some(first[2].id), 3)
        .await
        .unwrap();
    let listed: Vec<_> = first
        .iter()
        .chain(&rest)
        .map(|account| account.id)
        .collect();
    assert_eq!(listed, ids);
}

pub async fn roles_change_only_from_what_they_were(stage: Stage) {
    let id = account(&stage.store, "ann@example.com").await;
    let admin: Role = "admin".parse().unwrap();
    let (none, some) = (Roles::default(), Roles::default().with(&admin).unwrap());
    let change = async |from, to| {
        stage
            .store
            .change_roles(id, from, to, Actor::Cli, NOW)
            .await
            .unwrap()
    };
    assert_eq!(change(&some, &none).await, None);
    assert_eq!(
        change(&none, &some).await,
        Some(AccountVersion::FIRST.next())
    );
    assert_eq!(
        stage.store.find_account(id).await.unwrap().unwrap().roles,
        some
    );
    let changed = |disabled| changed(id, AccountVersion::FIRST.next(), disabled);
    assert_eq!(changes(&stage, NOW).await, [changed(false)]);
    assert_eq!(changes(&stage, NOW + SECOND).await, []);
}

async fn changes(stage: &Stage, since: Timestamp) -> Vec<Change> {
    stage.store.changes_since(since).await.unwrap()
}

fn changed(account: AccountId, version: AccountVersion, disabled: bool) -> Change {
    let what = What::AccountChanged {
        account,
        version,
        disabled,
    };
    Change { at: NOW, what }
}

pub async fn a_disabled_account_is_news_until_long_after(stage: Stage) {
    let id = account(&stage.store, "ann@example.com").await;
    let disable = async |disabled| {
        let change = stage
            .store
            .set_disabled(id, disabled, Actor::Cli, NOW)
            .await;
        change.unwrap().is_some()
    };
    assert!(!disable(false).await);
    assert!(disable(true).await);
    assert!(!disable(true).await);
    let disabled = changed(id, AccountVersion::FIRST.next(), true);
    assert_eq!(changes(&stage, NOW).await, [disabled]);
    assert!(disable(false).await);
    let enabled = changed(id, AccountVersion::FIRST.next().next(), false);
    let mut both = changes(&stage, NOW).await;
    both.sort_by_key(|change| *change != disabled);
    assert_eq!(both, [disabled, enabled]);
}
