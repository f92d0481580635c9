//! What one response leaves for the next page: a notice, or a form with its errors.
//!
//! A form that is posted without script is answered with a redirect. What was wrong, and what was
//! typed, waits in a short-lived `HttpOnly` cookie, so that it stands neither in the address nor in
//! anybody's log, and nobody can make a link that says it. Forms and notices are names here: whose they
//! are knows what they mean, and a name that nobody knows says nothing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::{AppError, EndReason};

/// What the next page should show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// What was done, to say above the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// Why the session is over, to say in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<EndReason>,
    /// A form that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<RefusedForm>,
    /// A form that was not sent yet when the page was loaded anew in another language or theme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
}

/// Something that was done, by a name for which the page has the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Notice(Cow<'static, str>);

impl Notice {
    /// The notice by that name.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// A form that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm {
    /// Its id.
    pub form: Cow<'static, str>,
    /// What the form was refused for.
    pub error: AppError,
    /// What was typed.
    #[serde(default)]
    pub typed: Typed,
}

/// A form that was not sent yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub form: Cow<'static, str>,
    /// What was typed so far.
    pub typed: Typed,
}

/// What a person typed: the values of those fields that a [`Form`](crate::form::Form) keeps, and so no
/// password. Name and value in turn, which takes a browser no code to read that it has not got already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(Vec<String>);

impl Typed {
    /// What was typed in that field; `None` if nothing was.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (pairs, _) = self.0.as_chunks();
        let pair = pairs.iter().find(|[of, _]| of == name);
        pair.map(|[_, value]| &**value)
    }

    /// The same as what a field has in it.
    pub fn value(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }

    /// Whether that box, which is ticked from the start, was not.
    pub fn is_unticked(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.0.extend([name.to_owned(), value.to_owned()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_version_before_left_is_dropped_and_no_error() {
        for before in [
            r#"{"notice":{"session_ended":"idle"}}"#,
            r#"{"form":{"form":"sign_in","error":{"code":"busy"},"typed":{"email":"a@b.c"}}}"#,
            r#"{"draft":{"form":"sign_up","typed":{"name":"Ann"}}}"#,
        ] {
            assert!(serde_json::from_str::<Flash>(before).is_err(), "{before}");
        }
        // What it left of these it left by the same names.
        let flash: Flash = serde_json::from_str(r#"{"notice":"account_saved"}"#).unwrap();
        assert_eq!(flash.notice, Some(Notice::new("account_saved")));
    }

    #[test]
    fn what_is_half_there_is_nothing() {
        let typed: Typed = serde_json::from_str(r#"["name","Ann","email"]"#).unwrap();
        assert_eq!((typed.get("name"), typed.get("email")), (Some("Ann"), None));
    }
}
