//! Every route and every layer, on one screen.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{FromRef, Request, State},
    http::HeaderValue,
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::get,
};
use leptos::config::LeptosOptions;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async};
use monban_app::{
    App,
    learn::{self, OTHER_SITE, sandbox::Sandbox},
    server::{Assets, Timeline, shell},
};
use monban_auth::Auth;

use crate::{
    background::Health,
    http::{
        body::limit_body,
        client_address::Proxies,
        cookie_check,
        cookies::CookieNames,
        errors::{self, Refusal, helpful},
        headers::hsts,
        health::{healthz, readyz},
        jwks::jwks,
        log::log,
        once::Posts,
        other_site::other_site,
        same_origin::check_origin,
        session::session,
        shape::describe,
        well_formed::check_content_type,
        well_known::well_known,
    },
    rest,
    sandbox::{self, SharedSandbox},
    settings::Settings,
    site,
};

/// What the layers need to know.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Known>);

/// What a [`Gate`] gives to all of them. Behind one count, because each layer takes its own for each
/// request.
#[derive(Debug)]
pub struct Known {
    /// The account system.
    pub auth: Arc<Auth>,
    /// How the work in the background is doing.
    pub health: Arc<Health>,
    /// Where the site's script and style are.
    pub assets: Arc<Assets>,
    /// This site's origin.
    pub origin: Arc<str>,
    /// That browsers should come by TLS only, where they should.
    pub hsts: Option<HeaderValue>,
    /// Whether it is reached by TLS.
    pub https: bool,
    /// Whether this is the learning pages' sandbox, whose requests nobody sent.
    pub is_sandbox: bool,
    /// What the cookies are called.
    pub cookie_names: CookieNames,
    /// Origins whose pages may call the REST API.
    pub cors_origins: Arc<[HeaderValue]>,
    /// Proxies whose word is believed.
    pub proxies: Proxies,
    /// Whom to tell of a vulnerability.
    pub security_contacts: Vec<String>,
    /// The largest body, in bytes.
    pub body_limit: usize,
    /// What happens to watched sessions; `None` without the learning pages.
    pub timeline: Option<Arc<Timeline>>,
    /// Where the flows of the learning pages are run, if they are there.
    pub sandbox: Option<Arc<dyn Sandbox>>,
    /// The learning pages' other site: this machine by its other name.
    pub other_site: Option<Arc<str>>,
    /// The longest time for one request.
    pub request_timeout: Duration,
    /// Forms that were posted just now, of which a second one is the same.
    posts: Posts,
    /// Whether the server was told to stop.
    stopping: AtomicBool,
    leptos: LeptosOptions,
}

impl Gate {
    /// What the layers need to know of these settings.
    pub fn new(auth: Arc<Auth>, settings: &Settings) -> Self {
        let leptos = LeptosOptions::builder()
            .output_name("monban")
            .site_addr(settings.listen)
            .build();
        Self(Arc::new(Known {
            auth,
            health: Arc::default(),
            assets: site::assets().into(),
            origin: settings.base_url.origin().into(),
            hsts: hsts(settings),
            https: settings.base_url.is_https(),
            is_sandbox: settings.base_url.origin() == sandbox::ORIGIN,
            cookie_names: CookieNames::new(&settings.cookie_name),
            cors_origins: settings
                .cors_origins
                .iter()
                .filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok())
                .collect(),
            proxies: Proxies::new(settings.trusted_proxies.networks()),
            security_contacts: settings
                .security_contact
                .iter()
                .map(|contact| contact.as_str().to_owned())
                .collect(),
            body_limit: settings.body_limit.bytes(),
            timeline: settings.learn.then(Arc::default),
            sandbox: settings
                .learn
                .then(|| Arc::new(SharedSandbox::new(settings)) as Arc<dyn Sandbox>),
            other_site: settings
                .learn
                .then(|| settings.base_url.other_origin())
                .flatten()
                .map(Into::into),
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

impl Deref for Gate {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0
    }
}

impl FromRef<Gate> for LeptosOptions {
    fn from_ref(gate: &Gate) -> Self {
        gate.leptos.clone()
    }
}

/// The whole server. A request passes the layers from the last one named to the first. They are few
/// and do much each: axum boxes anew what lies behind a layer, for every request that passes it.
pub fn router(gate: Gate) -> Router {
    let document = {
        let options = gate.leptos.clone();
        move || shell(options.clone())
    };
    let (api, reference) = rest::api();
    // JSON for native clients: Bearer only, no session, no cookies.
    let api = api.layer(from_fn_with_state(gate.clone(), rest::answer));
    let api = rest::allow_origins(api, &gate.cors_origins);
    Router::new()
        // The pages of `App`, and every server function under `/api`.
        .leptos_routes(&gate, pages(), document.clone())
        .fallback(render_app_async(document))
        .layer(from_fn_with_state(gate.clone(), admit))
        // For whoever watches over the process: no session, no cookies.
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        // For whoever tries what another site can do here: no session, no cookies.
        .route(OTHER_SITE, get(other_site))
        .merge(well_known())
        // For other services: no session, no cookies.
        .route("/.well-known/jwks.json", get(jwks))
        // What the REST API has to offer, for machines and for people.
        .merge(rest::reading(reference, &gate))
        .layer(from_fn_with_state(gate.clone(), helpful))
        .merge(api)
        .layer(from_fn_with_state(gate.clone(), log))
        .with_state(gate)
}

/// The routes of the pages.
pub fn pages() -> Vec<AxumRouteListing> {
    generate_route_list(App)
}

/// The way to a page or a server function.
async fn admit(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    // The site's files are the same for everybody: nobody needs to ask who it is.
    if let Some(file) = site::answer(&request) {
        return file;
    }
    let admitted = async {
        if gate.timeline.is_none() && request.uri().path().starts_with(learn::API) {
            return Err(Refusal::Absent);
        }
        check_origin(&request, &gate.origin)?;
        check_content_type(&request)?;
        let request = limit_body(request, gate.body_limit).await?;
        if let Some(answer) = cookie_check::answer(&gate, &request) {
            return Ok(answer);
        }
        let (posts, within) = (gate.posts.clone(), gate.request_timeout);
        let answer = |request| async move {
            let answer = session(&gate, request, next).await;
            describe(answer.unwrap_or_else(errors::refuse)).await
        };
        Ok(posts.once(request, within, answer).await)
    };
    admitted.await.unwrap_or_else(errors::refuse)
}
