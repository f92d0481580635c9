//! What learners try with tokens: each forgery is refused, and for its own reason.

use monban_auth::{
    AccessError,
    token::{MalformedToken, TokenError},
};
use monban_axum::{
    run,
    settings::{self, Sources},
};
use monban_learn::server::{Forgery, forge};

#[tokio::test]
async fn each_forgery_is_refused_for_its_own_reason() {
    let data = tempfile::tempdir().unwrap();
    let directory = data.path().to_str().unwrap().to_owned();
    let sources = Sources {
        environment: [("MONBAN_DATA_DIR".to_owned(), directory)].into(),
        ..Sources::default()
    };
    let settings = settings::load(&sources).unwrap().settings;
    let (auth, store) = run::open(&settings).await.unwrap();
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
        let token = forge(&auth, forgery).unwrap();
        match auth.check_access(&token).await {
            Err(AccessError::Token(error)) => assert_eq!(error, reason, "{forgery:?}"),
            other => panic!("{forgery:?}: {other:?}"),
        }
    }
    store.close().await;
}
