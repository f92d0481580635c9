//! Somebody honest, with one browser, who remembers what they were told.

use std::{net::SocketAddr, sync::Arc};

use reqwest::RequestBuilder;
use tokio::time::Instant;
use uuid::Uuid;

use super::load::Tally;
use crate::{
    app::{NAME, PASSWORD},
    browser::{ACCESS, Answer, Browser, Jar, REFRESH},
};

pub struct Person {
    pub browser: Browser,
    /// The addresses of accounts that were acknowledged.
    pub accounts: Vec<String>,
    /// The cookies of sessions whose end was acknowledged.
    pub over: Vec<Jar>,
    /// How many rotations were acknowledged.
    pub rotations: u64,
    email: String,
    standing: Standing,
    index: usize,
    tally: Arc<Tally>,
}

/// Where they stand, as far as they know.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    /// They want an account.
    New,
    /// They have asked for one, and heard nothing: it may be there.
    Joining,
    /// They have an account, and are signed out.
    Out,
    In,
    /// They have asked to be signed out, and heard nothing.
    Leaving,
}

impl Person {
    /// Somebody who was never here: the one of that number among those of the tally.
    pub fn new(address: SocketAddr, index: usize, tally: Arc<Tally>) -> Self {
        Self {
            browser: Browser::new(address, "http://localhost:3000".to_owned()),
            accounts: Vec::new(),
            over: Vec::new(),
            rotations: 0,
            email: unused_address(),
            standing: Standing::New,
            index,
            tally,
        }
    }

    pub fn is_in(&self) -> bool {
        self.standing == Standing::In
    }

    /// Does the next thing.
    pub async fn step(&mut self) {
        match self.standing {
            Standing::New | Standing::Joining => self.sign_up().await,
            Standing::Out => self.sign_in().await,
            Standing::Leaving => self.sign_out().await,
            Standing::In => match rand::random_range(0..40) {
                0 => self.sign_out().await,
                1..14 => self.visit().await,
                14..27 => self.ask().await,
                _ => self.renew().await,
            },
        }
    }

    /// Asserts that all they were told is so, and that they get on, whatever they were not told.
    pub async fn check(&mut self) {
        self.tally.fault_ends();
        while !self.is_in() {
            self.step().await;
        }
        self.visit().await;
        self.renew().await;
        self.ask().await;
        for jar in self.over.clone() {
            self.assert_over(jar).await;
        }
        for email in &self.accounts {
            let answer = self.browser.another().sign_in(email, PASSWORD).await;
            assert_eq!(answer.status, 200, "{email} is lost: {answer:?}");
        }
    }

    /// Opens their page.
    pub async fn visit(&mut self) {
        let held = self.browser.generation();
        if let Some(page) = self.attempt(self.browser.navigation("/account")).await {
            assert_eq!(page.status, 200, "signed out: {page:?}");
            assert!(page.is_members() && page.shows(&self.email), "{page:?}");
            self.note_rotation(&page, held);
        }
    }

    /// Asks who they are, and renews if that is the answer.
    pub async fn ask(&mut self) {
        let may_be_stale = self.browser.cookies.get(ACCESS).is_none();
        let Some(answer) = self.attempt(self.browser.question("who_am_i")).await else {
            return;
        };
        if may_be_stale && answer.code() == "session_expired" {
            return self.renew().await;
        }
        assert_eq!(answer.status, 200, "signed out: {answer:?}");
        assert_eq!(answer.json()["account_id"], self.browser.access()["sub"]);
    }

    /// Renews the pair, as when the access token's time is over.
    pub async fn renew(&mut self) {
        let held = self.browser.generation();
        self.browser.cookies.remove(ACCESS);
        if let Some(answer) = self.attempt(self.browser.order("refresh", &[])).await {
            assert_eq!(answer.status, 200, "signed out: {answer:?}");
            assert!(answer.renews(), "{answer:?}");
            self.note_rotation(&answer, held);
        }
    }

    async fn sign_up(&mut self) {
        let asked_before = self.standing == Standing::Joining;
        self.standing = Standing::Joining;
        let email = self.email.clone();
        let form = [("name", NAME), ("email", &email), ("password", PASSWORD)];
        let Some(answer) = self.attempt(self.browser.order("sign_up", &form)).await else {
            return;
        };
        if asked_before && answer.status == 400 && answer.shows("taken") {
            self.standing = Standing::Out;
        } else {
            self.arrive(&answer);
        }
    }

    async fn sign_in(&mut self) {
        let email = self.email.clone();
        let form = [
            ("email", email.as_str()),
            ("password", PASSWORD),
            ("keep", "true"),
        ];
        if let Some(answer) = self.attempt(self.browser.order("sign_in", &form)).await {
            self.arrive(&answer);
        }
    }

    fn arrive(&mut self, answer: &Answer) {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.renews(), "{answer:?}");
        self.standing = Standing::In;
        if self.accounts.last() != Some(&self.email) {
            self.accounts.push(self.email.clone());
        }
    }

    /// Signs out, and comes back as the same person or as somebody new.
    async fn sign_out(&mut self) {
        self.standing = Standing::Leaving;
        let held = self.browser.cookies.clone();
        if let Some(answer) = self.attempt(self.browser.order("sign_out", &[])).await {
            assert_eq!(answer.status, 200, "{answer:?}");
            self.over.push(held);
            self.standing = Standing::Out;
            if rand::random() {
                self.standing = Standing::New;
                self.email = unused_address();
            }
        }
    }

    /// The answer, unless the server is in trouble: then there is none, or it asks to try again, and
    /// in both cases it leaves the cookies alone.
    pub async fn attempt(&mut self, request: RequestBuilder) -> Option<Answer> {
        let (start, mut fault) = (Instant::now(), self.tally.is_fault());
        let outcome = self.browser.try_send(request).await;
        fault |= self.tally.is_fault();
        let status = outcome.as_ref().ok().map(|answer| answer.status);
        self.tally.note(self.index, status, start.elapsed());
        match outcome {
            Ok(answer) if self.tally.is_refusal(answer.status) => {
                assert!(fault, "refused though nothing is wrong: {answer:?}");
                assert_eq!(answer.cookie_names(), [""; 0]);
                if answer.status == 503 {
                    assert_eq!(answer.header("retry-after"), "2");
                }
                None
            }
            Ok(answer) => Some(answer),
            Err(error) => {
                assert!(fault, "cut off though nothing is wrong: {error:?}");
                None
            }
        }
    }

    /// What was presented is one behind what comes back, whatever became of earlier replies.
    fn note_rotation(&mut self, answer: &Answer, held: i64) {
        if answer.renews() {
            assert_eq!(self.browser.generation(), held + 1);
            self.rotations += 1;
        }
    }

    async fn assert_over(&self, jar: Jar) {
        let mut late = self.browser.another();
        late.cookies = jar;
        if late.cookies.get(ACCESS).is_some() {
            let answer = late.ask("who_am_i").await;
            assert_eq!(answer.code(), "session_ended", "lives on: {answer:?}");
            late.cookies.remove(ACCESS);
        }
        assert!(late.cookies.get(REFRESH).is_some());
        let answer = late.call("refresh", &[]).await;
        assert_eq!(answer.code(), "session_ended", "lives on: {answer:?}");
    }
}

fn unused_address() -> String {
    format!("{}@example.com", Uuid::now_v7().simple())
}
