//! Accounts for an app of one's own, in three calls: open them, tell them of the pages, serve.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{Arc, OnceLock},
};

use axum::Router;
use axum_server::Handle;
use leptos::{IntoView, config::LeptosOptions};
use monban_auth::{AccountId, AppClaims, Auth, ClaimSource, Clock, Store, SystemClock};
use monban_leptos::{Interface, form::Form, i18n::OwnText, sign_up::SignUpHook};

use crate::{
    error::RunError,
    observer::SessionObserver,
    open,
    router::{self, router},
    serve::{self, Endpoint, Opened},
    settings::Settings,
    site::Site,
    state::{AppState, Inner, leptos_options},
};

/// An account system that is open: its address, its database, its keys, and what an app brings along,
/// which is said before [`pages`](Self::pages) and [`state`](Self::state) are asked for; what comes
/// later panics.
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
    store: Store,
    endpoint: Option<Endpoint>,
    state: AppState,
    others: Router<AppState>,
    /// Set once the state was asked for.
    is_in_use: OnceLock<()>,
}

impl Accounts {
    /// Takes the address that the settings name, opens the database, brings its schema up to date, and
    /// reads the keys. Makes what is not there yet: the data directory, an SQLite file, a master key, a
    /// signing key.
    pub async fn open(settings: Settings) -> Result<Self, RunError> {
        // First, so that an address that is taken changes nothing.
        let endpoint = Endpoint::open(&settings)?;
        let accounts = Self::open_by(settings, Arc::new(SystemClock)).await?;
        Ok(Self {
            endpoint: Some(endpoint),
            ..accounts
        })
    }

    /// The same without an address, by that clock: for a server on another listener
    /// ([`serve_on`](Self::serve_on)) or on none ([`into_router`](Self::into_router)).
    pub async fn open_by(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, RunError> {
        let (auth, store) = open::open(&settings, clock).await?;
        Ok(Self {
            state: AppState::new(auth, &settings),
            settings,
            store,
            endpoint: None,
            others: Router::new(),
            is_in_use: OnceLock::new(),
        })
    }

    /// Serves the script, the style and the other files from where `cargo leptos` puts them.
    #[must_use]
    pub fn site(self, options: LeptosOptions) -> Self {
        let site = Site::on_disk(&options);
        self.files(site).with(|app| app.leptos = options)
    }

    /// Serves these files instead, such as [those inside the binary](Site::embedded).
    #[must_use]
    pub fn files(self, site: Site) -> Self {
        let leptos = leptos_options(&site, &self.settings);
        self.with(|app| {
            app.assets = site.assets().into();
            app.leptos = leptos;
            app.site = site;
        })
    }

    /// Gives every request this to take along. A server function finds it by its type:
    /// [`RequestContext::extension`](monban_leptos::server::RequestContext::extension).
    #[must_use]
    pub fn provide<T: Clone + Send + Sync + 'static>(self, value: T) -> Self {
        self.with(|app| {
            Arc::make_mut(&mut app.extensions).insert(value);
        })
    }

    /// Tells every page this:
    /// [`PageContext::has_flag`](monban_leptos::page::PageContext::has_flag).
    #[must_use]
    pub fn flag(self, flag: impl Into<String>) -> Self {
        self.with(|app| app.flags = app.flags.iter().cloned().chain([flag.into()]).collect())
    }

    /// Has the account pages below that path, such as `/accounts` or `/members/area`:
    /// `/accounts/sign-in` and so on. Their links and redirects follow, and those of
    /// [`account_path`](monban_leptos::address::account_path). The server functions stay where they are.
    ///
    /// # Panics
    ///
    /// If it is anything else than plain segments, each with a slash before it, or below `/api`.
    #[must_use]
    pub fn prefix(self, prefix: &'static str) -> Self {
        assert!(
            Interface::is_prefix(prefix),
            "no prefix for pages: {prefix:?}; give plain segments such as \"/accounts\" or \"/members/area\", not below \"/api\""
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
        self.with(|app| app.body_types.push(body_type.into()))
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

    /// Adds what `ask` says of an account to its access tokens, as the claim `app`: 512 bytes of JSON at
    /// most. It is asked at each sign-in and renewal, and at a sign-up before the account is there. A
    /// fault of it is answered 503 and ends no session. Said once.
    #[must_use]
    pub fn claims<F, E>(self, ask: impl Fn(AccountId) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<AppClaims, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let source = ClaimSource::new(ask);
        self.with(|app| app.auth.add_claims(source))
    }

    /// Hands this observer what happens to sessions.
    #[must_use]
    pub fn observer(self, observer: Arc<dyn SessionObserver>) -> Self {
        self.with(|app| app.observer = Some(observer))
    }

    /// Serves these routes outside the session layer: no cookie is read for them and none is written.
    #[must_use]
    pub fn routes(mut self, routes: Router<AppState>) -> Self {
        self.others = self.others.merge(routes);
        self
    }

    /// Logs requests at `debug`: for a server whose requests come from its own process.
    #[must_use]
    pub fn quiet(self) -> Self {
        self.with(|app| app.quiet = true)
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The account system itself, for what no request asks for.
    pub fn auth(&self) -> &Arc<Auth> {
        &self.state.auth
    }

    /// The store behind it, to look at it and to close it.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What axum's handlers and Leptos' routes get as their state.
    pub fn state(&self) -> &AppState {
        self.is_in_use.get_or_init(|| ());
        &self.state
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
    pub async fn serve(mut self, pages: Router<AppState>) -> Result<(), RunError> {
        let endpoint = match self.endpoint.take() {
            Some(endpoint) => endpoint,
            None => Endpoint::open(&self.settings)?,
        };
        serve::serve(endpoint, self.into_opened(pages)).await
    }

    /// The same on that listener, until `told_to_stop` is ready or the handle says so. Signals are left
    /// to the caller.
    pub async fn serve_on(
        self,
        listener: TcpListener,
        pages: Router<AppState>,
        handle: Handle<SocketAddr>,
        told_to_stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), RunError> {
        let endpoint = Endpoint::on(listener, &self.settings)?;
        let told_to_stop = Box::pin(told_to_stop);
        serve::serve_until(endpoint, self.into_opened(pages), handle, told_to_stop).await
    }

    /// All that would be served, to be called without a network. The work in the background is not done.
    pub fn into_router(self, pages: Router<AppState>) -> Router {
        router(self.state, pages, self.others)
    }

    fn into_opened(self, pages: Router<AppState>) -> Opened {
        Opened {
            app: router(self.state.clone(), pages, self.others),
            settings: self.settings,
            state: self.state,
            store: self.store,
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        let is_in_use = self.is_in_use.get().is_some();
        match self.state.change() {
            Some(app) if !is_in_use => change(app),
            _ => {
                panic!(
                    "what an app brings along is said before its pages and its state are asked for"
                )
            }
        }
        self
    }
}
