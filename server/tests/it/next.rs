//! Where a sign-in leads: to a page of this site, and nowhere else.

use url::form_urlencoded::byte_serialize;

use crate::app::{EMAIL, PASSWORD, TestApp};

const ELSEWHERE: [&str; 14] = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "http:evil.example",
    "/account\r\nset-cookie: evil=1",
];

#[tokio::test]
async fn a_sign_in_leads_to_the_page_that_was_asked_for() {
    let app = TestApp::start().await;
    app.member().await;
    let mut browser = app.browser();
    let protected = browser.navigate("/account/sessions").await;
    assert_eq!(
        (protected.status, protected.location()),
        (302, "/sign-in?next=/account/sessions")
    );
    let page = browser.follow(&protected).await;
    assert!(
        page.shows("name=\"next\" value=\"/account/sessions\""),
        "{}",
        page.body
    );

    let form = [
        ("email", EMAIL),
        ("password", PASSWORD),
        ("next", "/account/sessions"),
    ];
    let answer = browser.submit("sign_in", &form).await;
    assert_eq!(
        (answer.status, answer.location()),
        (302, "/account/sessions")
    );
    assert!(browser.follow(&answer).await.shows("This device"));
}

#[tokio::test]
async fn a_sign_in_leads_nowhere_else() {
    let app = TestApp::start().await;
    app.member().await;
    for next in ELSEWHERE {
        let form = [("email", EMAIL), ("password", PASSWORD), ("next", next)];
        for script in [false, true] {
            let mut browser = app.browser();
            let answer = if script {
                browser.call("sign_in", &form).await
            } else {
                browser.submit("sign_in", &form).await
            };
            assert_eq!(answer.location(), "/account", "{next:?}");
            assert!(answer.renews());
        }
    }
}

#[tokio::test]
async fn a_refused_sign_in_does_not_carry_it_on_either() {
    let app = TestApp::start().await;
    for next in ELSEWHERE {
        let mut browser = app.browser();
        let answer = browser
            .submit(
                "sign_in",
                &[("email", EMAIL), ("password", "wrong"), ("next", next)],
            )
            .await;
        assert_eq!(answer.location(), "/sign-in?next=/account", "{next:?}");
    }
}

#[tokio::test]
async fn a_link_to_the_sign_in_page_leads_nowhere_else() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    for next in ELSEWHERE {
        let link = format!(
            "/sign-in?next={}",
            byte_serialize(next.as_bytes()).collect::<String>()
        );
        let page = app.browser().navigate(&link).await;
        assert!(page.shows("name=\"next\" value=\"/account\""), "{next:?}");
        let answer = member.navigate(&link).await;
        assert_eq!(
            (answer.status, answer.location()),
            (302, "/account"),
            "{next:?}"
        );
    }
}
