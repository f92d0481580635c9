//! What the server tells a page beside its data, once, when it renders it.

use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    flash::{Flash, FormId, Notice, RefusedForm, Typed},
    preferences::{Language, Theme},
    view::AccountView,
};

/// Who is signed in, for as long as this document lives. Whoever signs in or out loads a new one;
/// only what they change of their own account changes here.
#[derive(Clone, Copy, Debug)]
pub struct CurrentAccount(pub RwSignal<Option<AccountView>>);

impl CurrentAccount {
    /// The account that [`PageContext::provide`] provided.
    pub fn get() -> RwSignal<Option<AccountView>> {
        expect_context::<Self>().0
    }
}

/// What is said above the page.
#[derive(Clone, Copy, Debug)]
pub struct CurrentNotice(RwSignal<Option<Notice>>);

impl CurrentNotice {
    /// The notice that [`PageContext::provide`] provided: what the last response left to say.
    pub fn get() -> RwSignal<Option<Notice>> {
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
    /// Whether anybody may make an account.
    pub sign_up_open: bool,
    /// To quote when something went wrong.
    pub request_id: String,
    /// What the app's server tells its pages besides: see [`has_flag`](Self::has_flag).
    pub flags: Vec<String>,
}

impl PageContext {
    /// This page's context: made on the server, read back in the browser.
    pub fn provide() {
        #[cfg(feature = "ssr")]
        let make = crate::server::page_context;
        #[cfg(not(feature = "ssr"))]
        let make = Self::default;
        let context = SharedValue::<Self, Json>::new_with_encoding(make).into_inner();
        provide_context(CurrentAccount(RwSignal::new(context.account.clone())));
        provide_context(CurrentNotice(RwSignal::new(context.flash.notice)));
        provide_context(context);
    }

    /// The context that [`provide_accounts`](crate::provide_accounts) provided.
    pub fn get() -> Self {
        use_context().unwrap_or_default()
    }

    /// Whether the app's server has set that flag, as for a part of the app that is switched on.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|set| set == flag)
    }

    /// What became of that form when it was posted without script.
    pub fn refused(form: FormId) -> Option<RefusedForm> {
        Self::get()
            .flash
            .form
            .filter(|refused| refused.form == form)
    }

    /// What was typed in that form when the page was loaded in another language or theme.
    pub fn draft(form: FormId) -> Option<Typed> {
        let draft = Self::get().flash.draft?;
        (draft.form == form).then_some(draft.typed)
    }
}

/// JSON that is read as the answers of server functions are: from bytes. Leptos' own codec reads text,
/// which serde compiles anew, and the first page would load both.
#[derive(Debug)]
struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(json: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(json.as_bytes())
    }
}
