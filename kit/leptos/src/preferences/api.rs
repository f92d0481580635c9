//! What remembers a choice in this browser.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::Value;

use super::choices::{Language, Theme};
use crate::error::AppError;

/// Remembers the language of this browser. What was typed in the page's form meanwhile comes along and
/// stands in it again, where its [`Form`](crate::form::Form) keeps it: never a password.
#[server(prefix = "/api", endpoint = "set_language")]
pub async fn set_language(
    language: Language,
    #[server(flatten)] typed: BTreeMap<String, Value>,
) -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    request.remember(crate::server::context::Preference::Language(language));
    super::server::go_back(&request, &typed);
    Ok(())
}

/// Remembers the theme of this browser, and what was typed, as [`set_language`] does.
#[server(prefix = "/api", endpoint = "set_theme")]
pub async fn set_theme(
    theme: Theme,
    #[server(flatten)] typed: BTreeMap<String, Value>,
) -> Result<(), AppError> {
    let request = crate::server::context::request()?;
    request.remember(crate::server::context::Preference::Theme(theme));
    super::server::go_back(&request, &typed);
    Ok(())
}
