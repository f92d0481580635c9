//! What the layers and the handlers share. Below all that use it.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::FromRef,
    http::{Extensions, HeaderValue},
};
use leptos::config::LeptosOptions;
use monban_auth::Auth;
use monban_leptos::{Interface, server::Assets};

use crate::{
    background::Health,
    http::{client_address::Proxies, cookies::CookieNames, headers::hsts, once::Posts},
    observer::SessionObserver,
    settings::Settings,
    site::Site,
};

/// What the layers need to know, behind one count, because each layer takes its own for each request.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Inner>);

/// What an [`AppState`] derefs to.
#[derive(Debug)]
pub struct Inner {
    /// The account system.
    pub auth: Arc<Auth>,
    /// How the work in the background is doing.
    pub health: Arc<Health>,
    /// Where the site's script and style are.
    pub assets: Arc<Assets>,
    /// The site's static files.
    pub(crate) site: Site,
    /// This site's origin.
    pub origin: Arc<str>,
    /// That browsers should come by TLS only, where they should.
    pub(crate) hsts: Option<HeaderValue>,
    /// Whether it is reached by TLS.
    pub(crate) https: bool,
    /// Whether requests are logged at `debug`, because nobody sent them.
    pub(crate) quiet: bool,
    /// What the cookies are called.
    pub(crate) cookie_names: CookieNames,
    /// Origins whose pages may call the REST API.
    pub(crate) cors_origins: Arc<[HeaderValue]>,
    /// Proxies whose word is believed.
    pub(crate) proxies: Proxies,
    /// Whom to tell of a vulnerability.
    pub(crate) security_contacts: Vec<String>,
    /// The largest body, in bytes.
    pub(crate) body_limit: usize,
    /// What bodies may be besides forms.
    pub(crate) body_types: Vec<String>,
    /// Who is handed what happens to sessions, if anybody.
    pub(crate) observer: Option<Arc<dyn SessionObserver>>,
    /// What the app's requests take along.
    pub extensions: Arc<Extensions>,
    /// What the app tells every page.
    pub(crate) flags: Arc<[String]>,
    /// How the app wants its account pages.
    pub(crate) interface: Interface,
    /// The longest time for one request.
    pub(crate) request_timeout: Duration,
    /// Forms that were posted just now, of which a second one is the same.
    pub(crate) posts: Posts,
    /// Whether the server was told to stop.
    stopping: AtomicBool,
    leptos: LeptosOptions,
}

/// What an app brings along besides its pages. All of it may be left out.
#[derive(Clone, Debug, Default)]
pub struct AppParts {
    /// The site's static files.
    pub site: Site,
    /// How `cargo leptos` builds the site.
    pub leptos: Option<LeptosOptions>,
    /// Who is handed what happens to sessions.
    pub observer: Option<Arc<dyn SessionObserver>>,
    /// What every request takes along: server functions find it with
    /// [`RequestContext::extension`](monban_leptos::server::RequestContext::extension).
    pub extensions: Extensions,
    /// What every page is told: see [`PageContext::has_flag`](monban_leptos::page::PageContext::has_flag).
    pub flags: Vec<String>,
    /// How the app wants its account pages.
    pub interface: Interface,
    /// What bodies may be besides forms, such as `application/json`.
    pub body_types: Vec<String>,
    /// Whether requests are logged at `debug`.
    pub quiet: bool,
}

impl AppState {
    /// What the layers need to know of these settings and of this app.
    pub fn new(auth: Arc<Auth>, settings: &Settings, app: AppParts) -> Self {
        let leptos = app.leptos.unwrap_or_else(|| {
            LeptosOptions::builder()
                .output_name(app.site.name())
                .site_addr(settings.listen)
                .build()
        });
        Self(Arc::new(Inner {
            auth,
            health: Arc::default(),
            assets: app.site.assets().into(),
            site: app.site,
            origin: settings.base_url.origin().into(),
            hsts: hsts(settings),
            https: settings.base_url.is_https(),
            quiet: app.quiet,
            cookie_names: CookieNames::new(&settings.cookie_name),
            cors_origins: settings
                .cors_origins
                .iter()
                .filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok())
                .collect(),
            proxies: Proxies::new(settings.trusted_proxies.networks(), settings.proxy_header),
            security_contacts: settings
                .security_contact
                .iter()
                .map(|contact| contact.as_str().to_owned())
                .collect(),
            body_limit: settings.body_limit.bytes(),
            body_types: app.body_types,
            observer: app.observer,
            extensions: app.extensions.into(),
            flags: app.flags.into(),
            interface: app.interface,
            request_timeout: settings.request_timeout,
            posts: Posts::default(),
            stopping: AtomicBool::new(false),
            leptos,
        }))
    }

    /// The server was told to stop: it serves on, and says that it should be asked for nothing more.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the server was told to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

impl Deref for AppState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
