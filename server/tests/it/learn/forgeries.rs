//! The forgeries of the token page: each is refused for its own reason.

use monban_auth::{AccessError, MalformedToken, TokenError};
use monban_learn::server::{Forgery, forge};

use crate::app::accounts_in;

#[tokio::test]
async fn each_forgery_is_refused_for_its_own_reason() {
    let data = tempfile::tempdir().unwrap();
    let accounts = accounts_in(&data).await;
    let expected = [
        (Forgery::ChangedPayload, TokenError::BadSignature),
        (
            Forgery::AlgNone,
            TokenError::Malformed(MalformedToken::Base64),
        ),
        (Forgery::PublicKeyAsSecret, TokenError::WrongAlg),
        (Forgery::ForeignKid, TokenError::UnknownKid),
        (Forgery::Expired, TokenError::Expired),
        (Forgery::RefreshAsAccess, TokenError::WrongTyp),
    ];
    assert_eq!(expected.map(|(forgery, _)| forgery), Forgery::ALL);
    for (forgery, reason) in expected {
        let token = forge(accounts.auth(), forgery).unwrap();
        match accounts.auth().check_access(&token).await {
            Err(AccessError::Token(error)) => assert_eq!(error, reason, "{forgery:?}"),
            other => panic!("{forgery:?}: {other:?}"),
        }
    }
    accounts.store().close().await;
}
