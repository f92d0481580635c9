//! The learning pages on the server.
//!
//! - [`Learning`] is their state beside a running site: the events of observed sessions, the sandbox, the
//!   other site,
//! - [`sandbox`] is a second, complete server inside the process,
//! - [`measure`] times ways to check a request.

mod compare;
mod forgery;
mod hmac;
pub mod measure;
mod observer;
mod other_site;
mod other_site_route;
mod prose;
mod recorded;
pub mod sandbox;
pub(crate) mod session;
mod settings;
mod timeline;
pub(crate) mod token;

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
    routing::get,
};
use monban_axum::{
    Accounts, AppState, AuthCookie, Refusal, auth_cookies, refuse, settings::Settings,
};
use monban_leptos::error::AppError;

pub(crate) use self::{compare::measure_checks, prose::prose, recorded::recorded_run};
pub use self::{
    forgery::{ForgeError, Forgery, forge},
    sandbox::{SharedSandbox, Site},
    settings::LearnSettings,
    timeline::Timeline,
};
use crate::{API, FLAG, OTHER_SITE};

/// The learning pages of one server.
#[derive(Clone, Debug)]
pub struct Learning(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    timeline: Arc<Timeline>,
    sandbox: SharedSandbox,
    other_site: Option<Arc<str>>,
    auth_cookies: [AuthCookie; 2],
}

impl Learning {
    /// The learning pages of a site that `site` builds with these settings. The instances of the sandbox
    /// are built in the same way.
    pub fn new(settings: &Settings, site: Site) -> Self {
        Self(Arc::new(Inner {
            timeline: Arc::default(),
            sandbox: SharedSandbox::new(settings, site),
            other_site: settings.server.base_url.other_origin().map(Into::into),
            auth_cookies: auth_cookies(settings),
        }))
    }

    /// Joins the site: its sessions are observed from now on, its requests take this along, and it has
    /// the page of the other site.
    #[must_use]
    pub fn join(&self, site: Accounts) -> Accounts {
        site.observer(self.0.timeline.clone())
            .provide(self.clone())
            .flag(FLAG)
            .routes(self.routes())
    }

    fn routes(&self) -> Router<AppState> {
        let learning = self.clone();
        Router::new().route(
            OTHER_SITE,
            get(move |state, query, request| {
                other_site_route::other_site(learning, state, query, request)
            }),
        )
    }

    /// The learning pages that the current request carries.
    pub(crate) fn find() -> Result<Self, AppError> {
        monban_leptos::server::request()?
            .extension()
            .ok_or(AppError::BadRequest)
    }

    /// The events of observed sessions.
    pub fn timeline(&self) -> &Timeline {
        &self.0.timeline
    }

    /// The sandbox, in which flows and attacks are run.
    pub fn sandbox(&self) -> &SharedSandbox {
        &self.0.sandbox
    }

    /// The auth cookies of the site: the access token's and the refresh token's.
    pub fn auth_cookies(&self) -> &[AuthCookie; 2] {
        &self.0.auth_cookies
    }

    /// The origin of this machine under its other name, if it has one: the site that attacks come from.
    pub fn other_site(&self) -> Option<&Arc<str>> {
        self.0.other_site.as_ref()
    }
}

/// Hides the server functions of the learning pages on a site that does not have them.
pub fn hide(pages: Router<AppState>) -> Router<AppState> {
    async fn unless_learning(request: Request, next: Next) -> Response {
        if request.uri().path().starts_with(API) {
            return refuse(Refusal::Absent);
        }
        next.run(request).await
    }
    pages.layer(from_fn(unless_learning))
}
