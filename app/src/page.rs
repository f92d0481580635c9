//! What the server tells a page beside its data, once, when it renders it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    flash::{Flash, FormId, RefusedForm},
    preferences::{Language, Theme},
    view::AccountView,
};

/// Who is signed in, for as long as this document lives. Whoever signs in or out loads a new one;
/// only what they change of their own account changes here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CurrentAccount(pub(crate) RwSignal<Option<AccountView>>);

impl CurrentAccount {
    /// The account that [`PageContext::provide`] provided.
    pub(crate) fn get() -> RwSignal<Option<AccountView>> {
        expect_context::<Self>().0
    }
}

/// What every page knows from the start. In the HTML for the browser to pick up; holds no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageContext {
    /// Who is signed in.
    pub account: Option<AccountView>,
    /// What the last response left to say.
    pub flash: Flash,
    /// The language of the page.
    pub language: Language,
    /// The theme that was chosen.
    pub theme: Theme,
    /// The fewest characters of a new password.
    pub password_min: usize,
    /// To quote when something went wrong.
    pub request_id: String,
    /// Whether the learning pages are there.
    pub learn: bool,
}

impl PageContext {
    /// This page's context: made on the server, read back in the browser.
    pub(crate) fn provide() {
        #[cfg(feature = "ssr")]
        let context = SharedValue::new(crate::server::page_context);
        #[cfg(not(feature = "ssr"))]
        let context = SharedValue::new(Self::default);
        let context = context.into_inner();
        provide_context(CurrentAccount(RwSignal::new(context.account.clone())));
        provide_context(context);
    }

    /// The context that [`App`](crate::App) provided.
    pub(crate) fn get() -> Self {
        use_context().unwrap_or_default()
    }

    /// What became of that form when it was posted without script.
    pub(crate) fn refused(form: FormId) -> Option<RefusedForm> {
        Self::get()
            .flash
            .form
            .filter(|refused| refused.form == form)
    }
}
