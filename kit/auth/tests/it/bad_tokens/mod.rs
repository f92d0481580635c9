//! Tokens that an attacker might present: every trick that can be thought of, most of them under a
//! genuine signature, which is the only way past it.

mod claims;
mod headers;
mod shapes;

use monban_auth::{TokenError, TokenKind};

use crate::forge::Forge;

/// A token that must be refused.
pub struct Bad {
    /// What is wrong with it.
    pub what: String,
    pub token: String,
    /// The refusal.
    pub error: TokenError,
}

impl Forge {
    /// Every bad token of that kind that can be thought of, made out of a good one.
    pub fn bad_tokens(&self, kind: TokenKind, good: &str) -> Vec<Bad> {
        let mut bad = Vec::new();
        self.wrong_algorithms(kind, good, &mut bad);
        self.wrong_headers(kind, good, &mut bad);
        self.wrong_claims(kind, good, &mut bad);
        self.wrong_json(kind, good, &mut bad);
        self.wrong_signatures(kind, good, &mut bad);
        shapes::wrong_shapes(good, &mut bad);
        bad
    }
}

fn push(bad: &mut Vec<Bad>, what: impl Into<String>, token: String, error: impl Into<TokenError>) {
    bad.push(Bad {
        what: what.into(),
        token,
        error: error.into(),
    });
}
