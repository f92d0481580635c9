//! What the learning pages have on the server.
//!
//! - [`Learning`] is all of it, beside a running site: the notes on watched sessions, the sandbox, the
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
use monban_axum::{Accounts, AppState, Refusal, refuse, settings::Settings};
use monban_leptos::error::AppError;

pub(crate) use self::{compare::measure_checks, prose::prose, recorded::recorded_flows};
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
}

impl Learning {
    /// The learning pages beside a site that `site` puts together with these settings. The sandbox is
    /// put together in the same way.
    pub fn new(settings: &Settings, site: Site) -> Self {
        Self(Arc::new(Inner {
            timeline: Arc::default(),
            sandbox: SharedSandbox::new(settings, site),
            other_site: settings.server.base_url.other_origin().map(Into::into),
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
            get(move |state, asked, request| {
                other_site_route::other_site(learning, state, asked, request)
            }),
        )
    }

    /// The one of the request that is being worked on.
    pub(crate) fn find() -> Result<Self, AppError> {
        monban_leptos::server::request()?
            .extension()
            .ok_or(AppError::BadRequest)
    }

    /// What happens to watched sessions.
    pub fn timeline(&self) -> &Timeline {
        &self.0.timeline
    }

    /// Where flows are run and attacks are tried.
    pub fn sandbox(&self) -> &SharedSandbox {
        &self.0.sandbox
    }

    /// This machine by its other name, if it has one: the site that attacks come from.
    pub fn other_site(&self) -> Option<&Arc<str>> {
        self.0.other_site.as_ref()
    }
}

/// Takes the lessons' server functions off a site that goes without them.
pub fn hide(pages: Router<AppState>) -> Router<AppState> {
    async fn unless_lesson(request: Request, next: Next) -> Response {
        if request.uri().path().starts_with(API) {
            return refuse(Refusal::Absent);
        }
        next.run(request).await
    }
    pages.layer(from_fn(unless_lesson))
}
