//! Two nodes whose clocks are further apart than the window within which tabs may race.

use std::{fs, path::PathBuf, time::Duration};

use axum::http::Method;
use tokio::task::JoinSet;

use super::report;
use crate::{
    app::{NAME, PASSWORD},
    browser::{ACCESS, Answer, Browser, Jar},
    postgres::{MASTER, database},
    process::Process,
};

/// The window is 30 s.
const APART: Duration = Duration::from_secs(45);
const PEOPLE: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_are_apart_sign_nobody_out() {
    apart(10).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn clocks_that_are_apart_for_long_sign_nobody_out() {
    apart(500).await;
}

async fn apart(rounds: usize) {
    let Some(library) = find_faketime() else {
        return report("clocks apart: SKIPPED, as libfaketime is not there (Debian: faketime)");
    };
    let url = database().await;
    let one = start(&url, &[]);
    let fake = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("FAKETIME", &format!("+{}s", APART.as_secs())),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    let other = start(&url, &fake);
    let drift = seconds_of_day(&other).await - seconds_of_day(&one).await;
    let drift = drift.rem_euclid(24 * 60 * 60);
    assert!(
        drift.abs_diff(APART.as_secs().cast_signed()) < APART.as_secs() / 4,
        "{drift} s"
    );

    let mut people = JoinSet::new();
    for person in 0..PEOPLE {
        let nodes = [one.browser(), other.browser()];
        people.spawn(async move {
            let mut tabs = Tabs::open(nodes, &format!("{person}@example.com")).await;
            for round in 0..rounds {
                tabs.one_late(round % 2).await;
                tabs.both_at_once().await;
            }
            tabs.requests
        });
    }
    let requests: usize = people.join_all().await.iter().sum();
    report(&format!(
        "clocks {drift} s apart on two nodes: {requests} requests of tabs that raced {} times; nobody was signed out",
        2 * PEOPLE * rounds
    ));
}

/// Two tabs of one browser, whose requests reach two nodes.
struct Tabs {
    nodes: [Browser; 2],
    requests: usize,
}

impl Tabs {
    async fn open(nodes: [Browser; 2], email: &str) -> Self {
        let mut tabs = Self { nodes, requests: 1 };
        let form = [("name", NAME), ("email", email), ("password", PASSWORD)];
        let answer = tabs.nodes[0].call("sign_up", &form).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        tabs.share(0);
        tabs
    }

    /// One tab renews, and uses what it got in a way that every node hears of. The other's request
    /// comes after that, with what both of them had.
    async fn one_late(&mut self, first: usize) {
        self.grow_stale();
        let early = self.nodes[first].call("refresh", &[]).await;
        assert!(early.renews(), "signed out: {early:?}");
        let used = self.nodes[first].ask("list_sessions").await;
        assert_eq!(used.status, 200, "{used:?}");
        let late = self.nodes[1 - first].navigate("/account").await;
        assert!(late.is_members(), "signed out: {late:?}");
        self.assert_agree(&late);
        self.share(1 - first);
        self.requests += 3;
    }

    async fn both_at_once(&mut self) {
        self.grow_stale();
        let [one, other] = &mut self.nodes;
        let (at_one, at_other) = tokio::join!(one.call("refresh", &[]), other.call("refresh", &[]));
        assert!(at_one.renews(), "signed out: {at_one:?}");
        self.assert_agree(&at_other);
        self.share(rand::random_range(0..2));
        self.requests += 2;
    }

    fn assert_agree(&self, answer: &Answer) {
        assert!(answer.renews(), "signed out: {answer:?}");
        assert_eq!(self.nodes[0].generation(), self.nodes[1].generation());
    }

    fn grow_stale(&mut self) {
        for node in &mut self.nodes {
            node.cookies.remove(ACCESS);
        }
    }

    /// What that tab received last is what the browser holds.
    fn share(&mut self, tab: usize) {
        let held: Jar = self.nodes[tab].cookies.clone();
        self.nodes[1 - tab].cookies = held;
    }
}

fn start(url: &str, more: &[(&str, &str)]) -> Process {
    let standard = [("MONBAN_DATABASE_URL", url), ("MONBAN_MASTER_KEY", MASTER)];
    Process::start(&[&standard, more].concat())
}

fn find_faketime() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").unwrap();
    folders
        .map(|folder| folder.unwrap().path().join("faketime/libfaketimeMT.so.1"))
        .find(|library| library.exists())
}

/// What time it is there, by the header `Date` (RFC 9110 §6.6.1).
async fn seconds_of_day(process: &Process) -> i64 {
    let mut browser = process.browser();
    let answer = browser.send(browser.request(Method::GET, "/healthz")).await;
    let time = answer.header("date").split(' ').nth(4).unwrap();
    time.split(':').fold(0, |seconds, part| {
        seconds * 60 + part.parse::<i64>().unwrap()
    })
}
