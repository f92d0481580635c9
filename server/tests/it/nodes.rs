//! Two nodes on one PostgreSQL, behind one address as browsers see it.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::{Instant, sleep};

use crate::{
    app::{EMAIL, NAME, PASSWORD, Setting, TestApp},
    browser::{ACCESS, Browser, REFRESH},
    forge::claims_of,
    pace::within,
    postgres::{MASTER, database},
    process,
    wire::{self, Held},
};

const ORIGIN: &str = "http://localhost:3000";
/// A change is promised to reach every node in this time.
const SOON: Duration = Duration::from_secs(1);

/// Two nodes, and a browser in which a new account is signed in.
struct Nodes {
    nodes: [TestApp; 2],
    browser: Browser,
}

impl Nodes {
    async fn start() -> Self {
        let url = database().await;
        let node = || {
            Setting::default()
                .with("BASE_URL", ORIGIN)
                .with("MASTER_KEY", MASTER)
                .with("DATABASE_URL", &url)
                .start()
        };
        let (one, other) = tokio::join!(node(), node());
        let mut browser = Browser::new(one.address, ORIGIN.to_owned());
        let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
        assert_eq!(browser.call("sign_up", &form).await.status, 200);
        Self {
            nodes: [one, other],
            browser,
        }
    }

    /// The same browser, whose next requests reach the other node.
    fn at_the_other(&self) -> Browser {
        let mut browser = Browser::new(self.nodes[1].address, ORIGIN.to_owned());
        browser.cookies = self.browser.cookies.clone();
        browser
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_the_same_on_every_node() {
    let mut nodes = Nodes::start().await;
    let mut other = nodes.at_the_other();
    assert!(other.navigate("/account").await.shows(NAME));
    other.cookies.remove(ACCESS);
    let renewed = other.navigate("/account").await;
    assert!(renewed.shows(NAME) && renewed.renews());
    nodes.browser.cookies = other.cookies.clone();
    assert_eq!(nodes.browser.ask("who_am_i").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_on_one_node_is_one_on_the_other() {
    let mut nodes = Nodes::start().await;
    let mut other = nodes.at_the_other();
    assert_eq!(other.ask("who_am_i").await.status, 200);
    assert_eq!(nodes.browser.call("sign_out", &[]).await.status, 200);
    let start = Instant::now();
    while other.ask("who_am_i").await.status == 200 {
        assert!(start.elapsed() < within(SOON));
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refreshes_over_two_nodes_make_one_generation() {
    let mut nodes = Nodes::start().await;
    let refresh = nodes.browser.cookies.get(REFRESH).unwrap();
    let cookie = format!("{REFRESH}={refresh}");
    let headers = [
        ("Cookie", cookie.as_str()),
        ("Origin", ORIGIN),
        ("Sec-Fetch-Site", "same-origin"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let request = wire::request("POST", "/api/refresh", &headers, "");
    let addresses = nodes.nodes.iter().map(|node| node.address).cycle().take(50);
    let held = join_all(addresses.map(|address| Held::back(address, &request))).await;
    let answers = join_all(held.into_iter().map(Held::release)).await;
    for answer in &answers {
        assert_eq!(answer.status, 200, "{}", answer.body);
        let mut pair = answer.set_cookies().into_iter();
        let refresh = pair
            .find_map(|cookie| cookie.strip_prefix(&format!("{REFRESH}=")))
            .unwrap();
        let token = refresh.split(';').next().unwrap();
        assert_eq!(claims_of(token)["gen"], 2);
    }
    nodes.browser.cookies.keep(&answers[7]);
    assert_eq!(nodes.browser.ask("who_am_i").await.status, 200);
    assert_eq!(nodes.at_the_other().ask("who_am_i").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_makes_no_master_key_of_its_own() {
    let url = database().await;
    let refused = process::run(&["keys", "list"], &[("MONBAN_DATABASE_URL", &url)]);
    assert!(!refused.status.success());
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(
        told.contains("a master key is needed on PostgreSQL"),
        "{told}"
    );
}
