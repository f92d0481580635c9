//! Language and theme.

#![expect(
    missing_docs,
    reason = "the macro copies no docs to the fields of a server function's arguments"
)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// The languages of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Hash, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// 日本語.
    Ja,
}

impl Language {
    /// The language's tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The language of that tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        [Self::En, Self::Ja]
            .into_iter()
            .find(|language| language.tag() == tag)
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// What the system prefers.
    #[default]
    System,
}

impl Theme {
    /// Its name in cookies and in the document.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    /// The theme of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark, Self::System]
            .into_iter()
            .find(|theme| theme.name() == name)
    }
}

/// Remembers the language of this browser. What was typed in the page's form meanwhile comes along and
/// stands in it again; a password is not among it, and not read if it is sent.
#[server(prefix = "/api", endpoint = "set_language")]
pub async fn set_language(
    language: Language,
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] keep: bool,
) -> Result<(), AppError> {
    use crate::server::Preference;

    let request = crate::server::request()?;
    request.remember(Preference::Language(language));
    request.go_back_with(typed(name, email, keep));
    Ok(())
}

/// Remembers the theme of this browser, and what was typed, as [`set_language`] does.
#[server(prefix = "/api", endpoint = "set_theme")]
pub async fn set_theme(
    theme: Theme,
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] keep: bool,
) -> Result<(), AppError> {
    use crate::server::Preference;

    let request = crate::server::request()?;
    request.remember(Preference::Theme(theme));
    request.go_back_with(typed(name, email, keep));
    Ok(())
}

#[cfg(feature = "ssr")]
fn typed(name: String, email: String, keep: bool) -> crate::flash::Typed {
    crate::flash::Typed {
        name,
        email,
        not_kept: !keep,
    }
}
