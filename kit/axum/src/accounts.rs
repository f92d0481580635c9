//! Accounts for an app of one's own, in three calls: open them, tell them of the pages, serve.

use std::sync::{Arc, OnceLock};

use axum::Router;
use leptos::{IntoView, config::LeptosOptions};
use monban_auth::{AccountId, Auth, Store};
use monban_leptos::{Interface, form::Form, i18n::OwnText, sign_up::SignUpHook};

use crate::{
    observer::SessionObserver,
    router::{self, router},
    run::{self, RunError},
    settings::Settings,
    site::Site,
    state::{AppParts, AppState},
};

/// An account system that is open: its database, its keys, and what an app brings along, which is said
/// before [`pages`](Self::pages) and [`state`](Self::state) are asked for; what comes later panics.
///
/// ```no_run
/// use leptos::prelude::*;
/// use monban_axum::{Accounts, cli};
///
/// #[component]
/// fn App() -> impl IntoView {
///     monban_leptos::provide_accounts();
///     view! { <h1>"Hello"</h1> }
/// }
///
/// fn main() -> std::process::ExitCode {
///     cli::main(async |settings| {
///         let accounts = Accounts::open(settings).await?;
///         let accounts = accounts.site(get_configuration(None)?.leptos_options);
///         let pages = accounts.pages(App, |_| view! { <!DOCTYPE html> <App/> });
///         Ok(accounts.serve(pages).await?)
///     })
/// }
/// ```
#[derive(Debug)]
pub struct Accounts {
    settings: Settings,
    auth: Arc<Auth>,
    store: Store,
    parts: AppParts,
    state: OnceLock<AppState>,
}

impl Accounts {
    /// Opens the database that the settings name, brings its schema up to date, and reads the keys.
    /// Makes what is not there yet: the data directory, an SQLite file, a master key, a signing key.
    pub async fn open(settings: Settings) -> Result<Self, RunError> {
        let (auth, store) = run::open(&settings).await?;
        Ok(Self {
            settings,
            auth,
            store,
            parts: AppParts::default(),
            state: OnceLock::new(),
        })
    }

    /// Serves the script, the style and the other files from where `cargo leptos` puts them.
    #[must_use]
    pub fn site(self, options: LeptosOptions) -> Self {
        let site = Site::on_disk(&options);
        self.with(|parts| {
            parts.site = site;
            parts.leptos = Some(options);
        })
    }

    /// Serves these files instead, such as [those inside the binary](Site::embedded).
    #[must_use]
    pub fn files(self, site: Site) -> Self {
        self.with(|parts| parts.site = site)
    }

    /// Gives every request this to take along. A server function finds it by its type:
    /// [`RequestContext::extension`](monban_leptos::server::RequestContext::extension).
    #[must_use]
    pub fn provide<T: Clone + Send + Sync + 'static>(self, value: T) -> Self {
        self.with(|parts| {
            parts.extensions.insert(value);
        })
    }

    /// Tells every page this:
    /// [`PageContext::has_flag`](monban_leptos::page::PageContext::has_flag).
    #[must_use]
    pub fn flag(self, flag: impl Into<String>) -> Self {
        self.with(|parts| parts.flags.push(flag.into()))
    }

    /// Has the account pages below that segment, such as `/accounts`: `/accounts/sign-in` and so on.
    /// Their links and redirects follow, and those of
    /// [`account_path`](monban_leptos::address::account_path). The server functions stay where they are.
    ///
    /// # Panics
    ///
    /// If it is anything else than a slash and one plain segment.
    #[must_use]
    pub fn prefix(self, prefix: &'static str) -> Self {
        assert!(
            Interface::is_prefix(prefix),
            "no prefix for pages: {prefix}"
        );
        self.with(|parts| parts.interface.prefix = prefix)
    }

    /// Says these words in the place of the kit's: see [`OwnText`]. The browser has them from the page.
    #[must_use]
    pub fn texts(self, texts: &'static [OwnText]) -> Self {
        self.with(|parts| parts.interface.texts = texts)
    }

    /// Keeps what is typed in these forms of the app's own when the person chooses another language or
    /// theme: see [`Form`].
    #[must_use]
    pub fn forms(self, forms: &'static [&'static Form]) -> Self {
        self.with(|parts| parts.interface.forms = forms)
    }

    /// Takes bodies of this type, too, for server functions that are sent as something else than a form:
    /// `application/json`, say, for `input = Json`. They pass the check of their origin like forms.
    #[must_use]
    pub fn accept(self, body_type: impl Into<String>) -> Self {
        self.with(|parts| parts.body_types.push(body_type.into()))
    }

    /// Does this when somebody has signed up, by a page or by the REST API. The account is there already,
    /// and the answer to the person waits for it; see [`SignUpHook`].
    #[must_use]
    pub fn on_sign_up<F>(self, work: impl Fn(AccountId) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.provide(SignUpHook::new(work))
    }

    /// Hands this observer what happens to sessions.
    #[must_use]
    pub fn observer(self, observer: Arc<dyn SessionObserver>) -> Self {
        self.with(|parts| parts.observer = Some(observer))
    }

    /// What was set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The account system itself, for what no request asks for.
    pub fn auth(&self) -> &Arc<Auth> {
        &self.auth
    }

    /// What axum's handlers and Leptos' routes get as their state.
    pub fn state(&self) -> &AppState {
        self.state.get_or_init(|| {
            AppState::new(
                Arc::clone(&self.auth),
                &self.settings,
                AppParts::clone(&self.parts),
            )
        })
    }

    /// The pages of a Leptos app and its server functions, each page in the document that `shell` makes.
    /// More routes of the app's own may be added to them.
    pub fn pages<A, V, D>(
        &self,
        app: A,
        shell: impl Fn(LeptosOptions) -> D + Clone + Send + Sync + 'static,
    ) -> Router<AppState>
    where
        A: Fn() -> V + Clone + Send + 'static,
        V: IntoView + 'static,
        D: IntoView + 'static,
    {
        router::pages(self.state(), app, shell)
    }

    /// Serves these pages behind the session layer, and beside them the REST API, the key set and the
    /// checks of health, until Ctrl-C or SIGTERM. Does the work in the background meanwhile, and writes
    /// what is in memory at the end.
    pub async fn serve(self, pages: Router<AppState>) -> Result<(), RunError> {
        let state = self.state().clone();
        let app = router(state.clone(), pages, Router::new());
        run::serve_opened(self.settings, (self.auth, self.store), (state, app)).await
    }

    fn with(mut self, change: impl FnOnce(&mut AppParts)) -> Self {
        assert!(
            self.state.get().is_none(),
            "what an app brings along is said before its pages and its state are asked for"
        );
        change(&mut self.parts);
        self
    }
}
