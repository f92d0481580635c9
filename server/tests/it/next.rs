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
async fn the_very_address_comes_back_with_its_query_through_sign_in_and_sign_up() {
    let app = TestApp::start().await;
    let long = format!("/account/sessions?{}", "x".repeat(1500));
    for asked in [
        "/account/sessions?tab=1",
        "/account?a=1&b=%2Fx%3F&c=%E9%96%80%2B+",
        &long,
    ] {
        let mut browser = app.browser();
        let answer = browser.navigate(asked).await;
        let link = format!(
            "next={}",
            byte_serialize(asked.as_bytes()).collect::<String>()
        );
        assert_eq!(answer.status, 302);
        let decoded = |location: &str| {
            let (_, query) = location.split_once('?').unwrap();
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs
                .find(|(name, _)| name == "next")
                .unwrap()
                .1
                .into_owned()
        };
        assert_eq!(decoded(answer.location()), asked, "{link}");
        let page = browser.follow(&answer).await;
        let value = format!("name=\"next\" value=\"{}\"", asked.replace('&', "&amp;"));
        assert!(page.shows(&value), "{}", page.body);

        // Refused, and by "Create account" on the way.
        let typo = [("email", EMAIL), ("password", "wrong"), ("next", asked)];
        let refused = browser.submit("sign_in", &typo).await;
        assert_eq!(decoded(refused.location()), asked);
        let page = browser.follow(&refused).await;
        assert_eq!(page.body.matches("href=\"/sign-up?next=").count(), 2);
        let form = [
            ("name", ""),
            ("email", ""),
            ("password", ""),
            ("next", asked),
        ];
        let refused = browser.submit("sign_up", &form).await;
        assert!(refused.location().starts_with("/sign-up?next="));
        assert_eq!(decoded(refused.location()), asked);
        let page = browser.follow(&refused).await;
        assert!(page.shows(&value), "{}", page.body);
        assert_eq!(page.body.matches("href=\"/sign-in?next=").count(), 2);

        let email = format!("ann{}@example.com", asked.len());
        let form = [
            ("name", "Ann"),
            ("email", &email),
            ("password", PASSWORD),
            ("next", asked),
        ];
        let answer = browser.submit("sign_up", &form).await;
        assert_eq!((answer.status, answer.location()), (302, asked));
        assert!(browser.follow(&answer).await.is_members());
    }
}

#[tokio::test]
async fn a_sign_up_leads_nowhere_else() {
    let app = TestApp::start().await;
    for (number, next) in ELSEWHERE.into_iter().enumerate() {
        let email = format!("ann{number}@example.com");
        let form = [
            ("name", "Ann"),
            ("email", &email),
            ("password", PASSWORD),
            ("next", next),
        ];
        let answer = app.browser().submit("sign_up", &form).await;
        assert_eq!(
            (answer.status, answer.location()),
            (302, "/account"),
            "{next:?}"
        );
    }
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
