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
    pub(crate) auth: Arc<Auth>,
    /// How the work in the background is doing.
    pub(crate) health: Arc<Health>,
    /// Where the site's script and style are.
    pub(crate) assets: Arc<Assets>,
    /// The site's static files.
    pub(crate) site: Site,
    /// This site's origin.
    pub(crate) origin: Arc<str>,
    /// That browsers should come by TLS only, where they should.
    pub(crate) hsts: Option<HeaderValue>,
    /// Whether it is reached by TLS.
    pub(crate) https: bool,
    /// Whether requests are logged at `debug`, because they come from this process itself.
    pub(crate) quiet: bool,
    /// What the cookies are called.
    pub(crate) cookie_names: CookieNames,
    /// Origins whose pages may call the REST API.
    pub(crate) cors_origins: Arc<[HeaderValue]>,
    /// Proxies whose word is believed.
    pub(crate) proxies: Proxies,
    /// The addresses that take reports of vulnerabilities.
    pub(crate) security_contacts: Vec<String>,
    /// The largest body, in bytes.
    pub(crate) body_limit: usize,
    /// What bodies may be besides forms.
    pub(crate) body_types: Vec<String>,
    /// The app's observer of sessions, if it has one.
    pub(crate) observer: Option<Arc<dyn SessionObserver>>,
    /// What the app's requests take along.
    pub(crate) extensions: Arc<Extensions>,
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
    /// How `cargo leptos` builds the site.
    pub(crate) leptos: LeptosOptions,
}

impl AppState {
    /// What the layers need to know of these settings, with an app that brings nothing along.
    pub(crate) fn new(auth: Arc<Auth>, settings: &Settings) -> Self {
        let site = Site::default();
        Self(Arc::new(Inner {
            auth,
            health: Arc::default(),
            assets: site.assets().into(),
            leptos: leptos_options(&site, settings),
            site,
            origin: settings.server.base_url.origin().into(),
            hsts: hsts(settings),
            https: settings.server.base_url.is_https(),
            quiet: false,
            cookie_names: CookieNames::new(&settings.server.cookie_name),
            cors_origins: settings
                .rest
                .cors_origins
                .iter()
                .filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok())
                .collect(),
            proxies: Proxies::new(&settings.proxies),
            security_contacts: settings
                .server
                .security_contact
                .iter()
                .map(|contact| contact.as_str().to_owned())
                .collect(),
            body_limit: settings.connections.body_limit.bytes(),
            body_types: Vec::new(),
            observer: None,
            extensions: Arc::default(),
            flags: Arc::default(),
            interface: Interface::default(),
            request_timeout: settings.connections.request_timeout,
            posts: Posts::default(),
            stopping: AtomicBool::new(false),
        }))
    }

    /// The account system.
    pub fn auth(&self) -> &Arc<Auth> {
        &self.auth
    }

    /// The origin at which browsers reach the site.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where the site's style is.
    pub fn stylesheet(&self) -> &str {
        &self.assets.css
    }

    /// What an app may still change: nothing, once it is shared.
    pub(crate) fn change(&mut self) -> Option<&mut Inner> {
        Arc::get_mut(&mut self.0)
    }

    /// The server was told to stop: it serves on, and says that it should be asked for nothing more.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the server was told to stop.
    pub(crate) fn is_stopping(&self) -> bool {
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

/// What Leptos has to know of a site whose app does not say it.
pub(crate) fn leptos_options(site: &Site, settings: &Settings) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name(site.name())
        .site_addr(settings.server.listen)
        .build()
}
