//! The cookies of one browser.

use std::collections::BTreeMap;

use super::{ACCESS, Answer, REFRESH};

/// Cookies by their names.
#[derive(Clone, Debug, Default)]
pub struct Jar(BTreeMap<String, String>);

impl Jar {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// As a request carries them.
    pub fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Keeps what an answer sets. Every test in which a browser takes part watches over the first
    /// of all promises: nothing but signing out ever takes the tokens away.
    pub fn keep(&mut self, answer: &Answer) {
        for cookie in answer.set_cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                let signed_out = answer.headers.contains_key("clear-site-data");
                assert!(
                    signed_out || ![ACCESS, REFRESH].contains(&name),
                    "{name} was taken away"
                );
                self.remove(name);
            } else {
                self.set(name, value);
            }
        }
    }
}
