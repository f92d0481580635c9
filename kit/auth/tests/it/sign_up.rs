//! Making an account.

use monban_auth::{Actor, Email, Name, Password, PasswordError, SignUp, SignUpError};

use crate::stage::{PASSWORD, Stage, here, rules};

#[tokio::test]
async fn a_taken_address_makes_no_second_account_in_any_spelling() {
    let stage = Stage::new().await;
    let ann = stage.member("ann@example.com").await;
    for taken in ["ann@example.com", " ann@EXAMPLE.com "] {
        let refused = stage.sign_up(taken, "another good long secret").await;
        assert!(matches!(refused, Err(SignUpError::EmailTaken)), "{taken}");
    }
    assert_eq!(stage.count("SELECT count(*) FROM accounts").await, 1);
    assert_eq!(stage.count("SELECT count(*) FROM sessions").await, 1);
    let back = stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
    assert_eq!(back.claims.sub, ann.claims.sub);
}

#[tokio::test]
async fn a_password_that_is_refused_leaves_nothing_behind() {
    let stage = Stage::new().await;
    for (password, short) in [
        ("too short", true),
        ("passwordpassword", false),
        ("ann@example.com-ann", false),
    ] {
        match stage.sign_up("ann@example.com", password).await {
            Err(SignUpError::Password(error)) => {
                assert_eq!(
                    error == PasswordError::TooShort { min_chars: 15 },
                    short,
                    "{password}"
                );
            }
            other => panic!("{password}: {other:?}"),
        }
    }
    assert_eq!(stage.count("SELECT count(*) FROM accounts").await, 0);
    assert_eq!(stage.count("SELECT count(*) FROM audit").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_one_address_at_once_one_gets_it() {
    let stage = std::sync::Arc::new(Stage::new().await);
    let racing: Vec<_> = (0..20)
        .map(|_| {
            let stage = stage.clone();
            tokio::spawn(async move { stage.sign_up("ann@example.com", PASSWORD).await.is_ok() })
        })
        .collect();
    let mut made = 0;
    for racer in racing {
        made += usize::from(racer.await.unwrap());
    }
    assert_eq!(made, 1);
    assert_eq!(stage.count("SELECT count(*) FROM accounts").await, 1);
}

fn ann() -> SignUp {
    SignUp {
        name: Name::parse("Ann").unwrap(),
        email: Email::parse("ann@example.com").unwrap(),
        password: Password::parse(PASSWORD).unwrap(),
    }
}

#[tokio::test]
async fn where_sign_up_is_closed_only_operators_make_accounts() {
    let mut rules = rules();
    rules.sign_up.open = false;
    let stage = Stage::with(rules).await;
    let refused = stage.sign_up("ann@example.com", PASSWORD).await;
    assert!(matches!(refused, Err(SignUpError::Closed)));
    let refused = stage.auth.register(ann(), &here()).await;
    assert!(matches!(refused, Err(SignUpError::Closed)));
    stage
        .auth
        .accounts()
        .create(ann(), Actor::Cli)
        .await
        .unwrap();
    stage.sign_in("ann@example.com", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_fault_while_the_first_session_starts_takes_no_address() {
    let stage = Stage::new().await;
    stage
        .sql(
            "CREATE TRIGGER fault BEFORE INSERT ON sessions
             BEGIN SELECT RAISE(ABORT, 'a fault'); END",
        )
        .await;
    let failed = stage.sign_up("ann@example.com", PASSWORD).await;
    assert!(matches!(failed, Err(SignUpError::Auth(_))), "{failed:?}");
    assert_eq!(stage.count("SELECT count(*) FROM accounts").await, 0);
    stage.sql("DROP TRIGGER fault").await;
    stage.sign_up("ann@example.com", PASSWORD).await.unwrap();
}
