//! What one response leaves for the next page: a notice, or a form with its faults.
//!
//! A form that is posted without script is answered with a redirect. What was wrong, and what was
//! typed, waits in a short-lived `HttpOnly` cookie, so that it stands neither in the address nor in
//! anybody's log, and nobody can make a link that says it.

use serde::{Deserialize, Serialize};

use crate::error::{AppError, EndReason};

/// What the next page should show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Said above the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// A form that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<RefusedForm>,
    /// A form that was not sent yet when the page was loaded anew in another language or theme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The session is over.
    SessionEnded(EndReason),
    /// Signing out did not work: the person is still signed in.
    NotSignedOut,
    /// The account was saved.
    AccountSaved,
    /// A device was signed out.
    DeviceSignedOut,
    /// All other devices were signed out.
    OthersSignedOut,
    /// A new signing key is published.
    KeysRotated,
}

impl Notice {
    /// Whether it is bad news.
    pub fn is_warning(self) -> bool {
        match self {
            Self::SessionEnded(reason) => reason != EndReason::SignedOut,
            Self::NotSignedOut => true,
            _ => false,
        }
    }
}

/// A form that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm {
    /// Which.
    pub form: FormId,
    /// Why.
    pub error: AppError,
    /// What was typed.
    #[serde(default)]
    pub typed: Typed,
}

/// A form that was not sent yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Which.
    pub form: FormId,
    /// What was typed so far.
    pub typed: Typed,
}

/// The forms that keep what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormId {
    /// On `/sign-up`.
    SignUp,
    /// On `/sign-in`.
    SignIn,
    /// On `/account`.
    Account,
    /// The buttons on `/account/sessions`.
    Sessions,
    /// The button on `/admin/keys`.
    Keys,
}

impl FormId {
    /// What the one form in which somebody types is called in every document.
    pub(crate) const ELEMENT: &str = "typed";

    /// The form in which somebody types on the page at that path, if there is one.
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path {
            "/sign-up" => Some(Self::SignUp),
            "/sign-in" => Some(Self::SignIn),
            "/account" => Some(Self::Account),
            _ => None,
        }
    }
}

/// What a person typed, without any password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// A name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// An address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// "Keep me signed in" was off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_kept: bool,
}
