//! One mailbox, one account.

use std::sync::Arc;

use monban_auth::{
    AccountId, Actor, Auth, AuthOptions, Email, ManualClock, MasterKeys, Rules,
    store::{Creation, EmailChange},
};

use super::{NOW, account, new_account};
use crate::{engine::Stage, nodes::MASTER};

/// A node of this version, which has just started.
async fn node(stage: &Stage) -> Auth {
    let mut rules = Rules::default();
    rules.hashing.memory_kib = 64;
    let master = MasterKeys::parse(MASTER).unwrap();
    let clock = Arc::new(ManualClock::starting_at(NOW));
    let options = AuthOptions {
        rules,
        clock,
        ..AuthOptions::default()
    };
    let auth = Auth::new(stage.store.clone(), master, "https://app.example", options);
    auth.await.unwrap()
}

/// An account as a version wrote it that knew no folded addresses.
async fn account_of_before(stage: &Stage, spelling: &str) -> AccountId {
    let passing = format!("{}@example.com", AccountId::generate());
    let id = account(&stage.store, &passing).await;
    let statement = format!(
        "UPDATE accounts SET email = '{spelling}', email_folded = NULL WHERE email = '{passing}'"
    );
    stage.run(&statement).await;
    id
}

/// Whose account that signs in to.
async fn found(stage: &Stage, typed: &str) -> Option<AccountId> {
    let email = Email::parse(typed).unwrap();
    let credentials = stage.store.find_credentials(&email).await.unwrap();
    let account = stage.store.find_account_by_email(&email).await.unwrap();
    let account = account.map(|account| account.id);
    assert_eq!(credentials.map(|found| found.account_id), account);
    account
}

/// The addresses that collide, and whether the account signs in with any spelling.
async fn collisions(auth: &Auth) -> Vec<(String, bool)> {
    let found = auth.emails().collisions().await.unwrap();
    let shown = found.iter();
    shown
        .map(|one| (one.account.email.as_str().to_owned(), one.has_it))
        .collect()
}

async fn create(stage: &Stage, email: &str) -> Creation {
    let new = new_account(email);
    stage.store.create_account(&new, None).await.unwrap()
}

pub async fn a_mailbox_is_taken_once_in_whatever_spelling(stage: Stage) {
    let id = account(&stage.store, "Ann@example.com").await;
    for typed in [
        "ann@example.com",
        "ANN@EXAMPLE.COM",
        "ａｎｎ＠ｅｘａｍｐｌｅ。ｃｏｍ",
        "\u{200b}Ann@example.com\u{3000}",
    ] {
        assert_eq!(create(&stage, typed).await, Creation::EmailTaken, "{typed}");
        assert_eq!(found(&stage, typed).await, Some(id), "{typed}");
    }
    let stored = stage.store.find_account(id).await.unwrap().unwrap();
    assert_eq!(stored.email.as_str(), "Ann@example.com");
    assert_eq!(found(&stage, "ann@example.org").await, None);
}

pub async fn accounts_of_before_that_share_a_mailbox_sign_in_as_before_until_an_operator_resolves_it(
    stage: Stage,
) {
    let upper = account_of_before(&stage, "Ann@example.com").await;
    let bob = account_of_before(&stage, "Bob@example.com").await;
    let lower = account_of_before(&stage, "ann@example.com").await;
    let wide = account_of_before(&stage, "ａｎｎ@example.com").await;
    let auth = node(&stage).await;

    let each = [
        ("Ann@example.com", Some(upper)),
        ("ann@example.com", Some(lower)),
        ("ａｎｎ@example.com", Some(wide)),
        ("ANN@example.com", None),
        ("bOB@example.com", Some(bob)),
    ];
    for (typed, expected) in each {
        assert_eq!(found(&stage, typed).await, expected, "{typed}");
    }
    // And nobody new makes it worse.
    assert_eq!(
        create(&stage, "ANN@example.com").await,
        Creation::EmailTaken
    );
    let all = ["Ann@example.com", "ann@example.com", "ａｎｎ@example.com"];
    let all = all.map(|email| (email.to_owned(), false));
    assert_eq!(collisions(&auth).await, all);

    let change = async |id, to: &str| {
        let email = Email::parse(to).unwrap();
        auth.emails().change(id, &email, Actor::Cli).await.unwrap()
    };
    assert_eq!(change(upper, "ANN@example.com").await, EmailChange::Taken);
    assert_eq!(
        change(upper, "ann.one@example.com").await,
        EmailChange::Changed
    );
    assert_eq!(collisions(&auth).await, all[1..]);
    assert_eq!(
        change(wide, "ann.two@example.com").await,
        EmailChange::Changed
    );
    assert_eq!(collisions(&auth).await, []);
    assert_eq!(found(&stage, "ANN@example.com").await, Some(lower));
    assert_eq!(found(&stage, "ANN.One@example.com").await, Some(upper));
}

pub async fn what_a_node_of_the_version_before_writes_is_folded_or_told(stage: Stage) {
    let auth = node(&stage).await;
    let ann = account(&stage.store, "Ann@example.com").await;
    let bob = account_of_before(&stage, "Bob@example.com").await;
    let other = account_of_before(&stage, "ANN@example.com").await;
    // At once, as on the node that wrote it.
    assert_eq!(found(&stage, "Bob@example.com").await, Some(bob));
    assert_eq!(found(&stage, "ANN@example.com").await, Some(other));

    auth.run_maintenance().await.unwrap();
    assert_eq!(found(&stage, "bob@example.com").await, Some(bob));
    assert_eq!(found(&stage, "ANN@example.com").await, Some(other));
    // Who had any spelling keeps it.
    assert_eq!(found(&stage, "ann@example.com").await, Some(ann));
    let expected = [("Ann@example.com", true), ("ANN@example.com", false)];
    let expected = expected.map(|(email, has_it)| (email.to_owned(), has_it));
    assert_eq!(collisions(&auth).await, expected);
    // Another start does not mind.
    node(&stage).await;
    assert_eq!(found(&stage, "ann@example.com").await, Some(ann));
}

pub async fn a_new_address_is_no_other_accounts(stage: Stage) {
    let ann = account(&stage.store, "ann@example.com").await;
    account(&stage.store, "bob@example.com").await;
    let change = async |id, to: &str| {
        let email = Email::parse(to).unwrap();
        stage
            .store
            .change_email(id, &email, Actor::Cli, NOW)
            .await
            .unwrap()
    };
    assert_eq!(change(ann, "BOB@example.com").await, EmailChange::Taken);
    assert_eq!(change(ann, "Ann@example.com").await, EmailChange::Changed);
    assert_eq!(found(&stage, "ann@example.com").await, Some(ann));
    let nobody = AccountId::generate();
    assert_eq!(
        change(nobody, "carol@example.com").await,
        EmailChange::Unknown
    );
}
