//! What the server tells a page beside its data, once, when it renders it.

use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[cfg(not(feature = "ssr"))]
use crate::i18n::OwnText;
use crate::{
    error::AppError,
    flash::{Flash, Notice, Typed},
    i18n::Texts,
    interface::Interface,
    preferences::{Language, Theme},
    view::AccountView,
};

/// Who is signed in, for as long as this document lives. Whoever signs in or out loads a new one;
/// only what they change of their own account changes here.
#[derive(Clone, Copy, Debug)]
pub struct CurrentAccount(pub RwSignal<Option<AccountView>>);

impl CurrentAccount {
    /// The account that [`provide_accounts`](crate::provide_accounts) provided.
    pub fn get() -> RwSignal<Option<AccountView>> {
        expect_context::<Self>().0
    }
}

/// What is said above the page.
#[derive(Clone, Copy, Debug)]
pub struct CurrentNotice(RwSignal<Option<Notice>>);

impl CurrentNotice {
    /// The notice that [`provide_accounts`](crate::provide_accounts) provided: what the last response left to say.
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
    /// The paths of the pages that have a form in which somebody types.
    pub(crate) form_paths: Vec<String>,
    /// What stands before the addresses of the account pages.
    pub(crate) prefix: String,
    /// The app's own words in the language of the page: name and text in turn.
    pub(crate) own_texts: Vec<String>,
}

impl PageContext {
    /// This page's context: made on the server by `make`, read back in the browser.
    pub(crate) fn provide(make: fn() -> Self) {
        let context = SharedValue::<Self, Json>::new_with_encoding(make).into_inner();
        // The server has said it before: see `Interface`.
        #[cfg(not(feature = "ssr"))]
        provide_context(context.interface());
        provide_context(Texts {
            language: context.language,
            own: Interface::current().texts,
        });
        provide_context(CurrentAccount(RwSignal::new(context.account.clone())));
        provide_context(CurrentNotice(RwSignal::new(context.flash.notice.clone())));
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

    /// Why the form by that id was refused when it was posted without script.
    pub fn refused(form: &str) -> Option<AppError> {
        Self::left_of(form).0
    }

    /// What is left of the form by that id: why it was refused when it was posted without script, and what
    /// was typed in it by then, or when the page was loaded in another language or theme.
    pub(crate) fn left_of(form: &str) -> (Option<AppError>, Option<Typed>) {
        let Flash {
            form: refused,
            draft,
            ..
        } = Self::get().flash;
        match (refused, draft) {
            (Some(refused), _) if refused.form == form => {
                (Some(refused.error), Some(refused.typed))
            }
            (_, Some(draft)) if draft.form == form => (None, Some(draft.typed)),
            _ => (None, None),
        }
    }

    /// What the server's app has said of its pages. Left in memory, where it is needed for as long as the
    /// document is there.
    #[cfg(not(feature = "ssr"))]
    fn interface(&self) -> Interface {
        let keep = |text: &String| -> &'static str { text.clone().leak() };
        let (texts, _) = self.own_texts.as_chunks();
        let texts = texts.iter();
        let texts = texts.map(|[name, text]| OwnText::of(keep(name), [keep(text); 2]));
        Interface {
            prefix: keep(&self.prefix),
            texts: texts.collect::<Vec<_>>().leak(),
            forms: &[],
        }
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
