//! The site's files, from outside: whoever has one already is told so.

use axum::http::Method;

use crate::app::TestApp;

#[tokio::test]
async fn a_file_that_a_browser_has_already_is_not_sent_again() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let first = browser.request(Method::GET, "/mend.js");
    let first = browser.send(first).await;
    assert_eq!(
        (first.status, first.header("cache-control")),
        (200, "no-cache")
    );
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && !first.body.is_empty(), "{first:?}");

    let again = browser.request(Method::GET, "/mend.js");
    let again = browser.send(again.header("if-none-match", &tag)).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(again.header("etag"), tag);
    // A browser keeps the headers of this answer with the file.
    for kept in [
        "cache-control",
        "content-type",
        "content-security-policy",
        "vary",
    ] {
        assert_eq!(again.header(kept), first.header(kept), "{kept}");
    }
    let other = browser.request(Method::GET, "/mend.js");
    let other = browser
        .send(other.header("if-none-match", "\"other\""))
        .await;
    assert_eq!((other.status, other.body), (200, first.body.clone()));

    let part = browser.request(Method::GET, "/mend.js");
    let part = browser.send(part.header("range", "bytes=0-9")).await;
    assert_eq!((part.status, part.body.as_str()), (206, &first.body[..10]));
    let length = first.body.len();
    assert_eq!(part.header("content-range"), format!("bytes 0-9/{length}"));
    let beyond = browser.request(Method::GET, "/mend.js");
    let beyond = browser.send(beyond.header("range", "bytes=999999-")).await;
    assert_eq!((beyond.status, beyond.body.as_str()), (416, ""));
}
