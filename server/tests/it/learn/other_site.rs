//! `/learn/other-site`: a form on a page that this machine serves under its other name.

use reqwest::header::HOST;

use crate::app::TestApp;

#[tokio::test]
async fn it_is_another_site_whose_form_leads_here() {
    let app = TestApp::start().await;
    let origin = app.origin();
    let other = origin.replace("localhost", "127.0.0.1");
    let name = other.trim_start_matches("http://").to_owned();
    let mut browser = app.member().await;
    for (query, words) in [("", "Win a prize"), ("?language=ja", "賞品を受け取る")] {
        let page = browser.navigation(&format!("/learn/other-site{query}"));
        let page = browser.send(page.header(HOST, &name)).await;
        assert_eq!(page.status, 200);
        assert!(page.shows(words), "{query}");
        assert!(page.shows(&format!("action=\"{origin}/api/sign_out\"")));
        assert!(page.set_cookies().is_empty());
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(
            policy.contains(&format!("form-action {origin};")),
            "{policy}"
        );
    }
}

#[tokio::test]
async fn by_this_name_it_leads_to_the_other() {
    let app = TestApp::start().await;
    let other = app.origin().replace("localhost", "127.0.0.1");
    let name = app.origin().trim_start_matches("http://").to_owned();
    let mut browser = app.browser();
    let page = browser.navigation("/learn/other-site?language=ja");
    let answer = browser.send(page.header(HOST, name)).await;
    assert_eq!(answer.status, 307);
    assert_eq!(
        answer.header("location"),
        format!("{other}/learn/other-site?language=ja")
    );
}

#[tokio::test]
async fn a_site_that_has_one_name_shows_no_way_there() {
    let app = TestApp::with("BASE_URL", "https://accounts.example")
        .with("LEARN", "true")
        .start()
        .await;
    let mut browser = app.browser();
    assert_eq!(browser.navigate("/learn/other-site").await.status, 404);
    let page = browser.navigate("/learn/attacks/cross-site").await;
    assert_eq!(page.status, 200);
    assert!(!page.shows("other-site"));
    let app = TestApp::start().await;
    assert!(
        app.browser()
            .navigate("/learn/attacks/cross-site")
            .await
            .shows("127.0.0.1")
    );
}
