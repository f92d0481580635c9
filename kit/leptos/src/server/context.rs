//! The request that a server function works for.
//!
//! The server's middleware makes one [`RequestContext`] for each request and reads it back when
//! the response goes out. Server functions and pages find it with [`request`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{Extensions, HeaderName, HeaderValue, StatusCode, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use monban_auth::{AccessClaims, Auth, Client};

use super::{assets::Assets, errors::fault, handle::SessionHandle};
use crate::{
    error::{AppError, CODE_HEADER},
    flash::{Draft, Flash, Notice, RefusedForm, Typed},
    form::Form,
    local_path::LocalPath,
    preferences::{Language, Theme},
    view::AccountView,
};

/// Everything about one request that a server function or a page may need.
#[derive(Clone, Debug)]
pub struct RequestContext(Arc<Inner>);

/// See [`RequestContext`].
#[derive(Debug)]
pub struct Inner {
    /// The account system.
    pub auth: Arc<Auth>,
    /// Whether the answer is shown as a document: a page, or what a form posted without script leads to.
    pub page: bool,
    /// Who is here, and what should become of their cookies.
    pub session: SessionHandle,
    /// Whose page is rendered.
    pub account: Option<AccountView>,
    /// Where the request came from.
    pub client: Client,
    /// The language to answer in.
    pub language: Language,
    /// The theme to answer in.
    pub theme: Theme,
    /// What the last response left to show.
    pub flash: Flash,
    /// Names this request in logs and to the person.
    pub request_id: String,
    /// Where the site's script and style are.
    pub assets: Arc<Assets>,
    /// What the app has given its requests to take along: see [`RequestContext::extension`].
    pub extensions: Arc<Extensions>,
    /// What the app tells every page: see [`PageContext::has_flag`](crate::page::PageContext::has_flag).
    pub flags: Arc<[String]>,
    /// What this response leaves to show, and preferences to remember.
    pub extras: Mutex<ResponseExtras>,
}

/// What a response takes along besides auth cookies.
#[derive(Debug, Default)]
pub struct ResponseExtras {
    /// To show on the next page.
    pub flash: Flash,
    /// To remember in this browser.
    pub preferences: Vec<Preference>,
}

/// What a browser remembers for its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// The language chosen.
    Language(Language),
    /// The theme chosen.
    Theme(Theme),
}

impl std::ops::Deref for RequestContext {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl From<Inner> for RequestContext {
    fn from(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

/// The request that is being worked on.
pub fn request() -> Result<RequestContext, AppError> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<RequestContext>().cloned())
        .ok_or(AppError::Internal)
}

/// Who is signed in: the guard of a server function that is for members. In one line, as
/// `let member = require_account()?;`. Its refusal has the status by which the browser's
/// [`SessionClient`](crate::client::SessionClient) knows that it should renew the session and ask again.
pub fn require_account() -> Result<Arc<AccessClaims>, AppError> {
    let request = request()?;
    request.respond(request.session.require())
}

/// The same, for those who have that role.
pub fn require_role(role: &str) -> Result<Arc<AccessClaims>, AppError> {
    let request = request()?;
    request.respond(request.session.require_role(role))
}

/// What the app has given its requests to take along, by its type.
pub fn extension<T: Clone + Send + Sync + 'static>() -> Result<T, AppError> {
    request()?.extension().ok_or_else(|| {
        fault(format_args!(
            "no {} was provided",
            std::any::type_name::<T>()
        ))
    })
}

impl RequestContext {
    /// What the app has given its requests to take along, by its type.
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.extensions.get().cloned()
    }

    /// Gives a result its status and code, and hands it on. A post without script is answered with
    /// a redirect whatever happens, which must keep its own status.
    pub fn respond<T>(&self, result: Result<T, AppError>) -> Result<T, AppError> {
        if let (Err(error), Some(response)) = (&result, use_context::<ResponseOptions>()) {
            if !self.page {
                if let Ok(status) = StatusCode::from_u16(error.status()) {
                    response.set_status(status);
                }
                if let Some(seconds) = error.retry_after() {
                    response.insert_header(http::header::RETRY_AFTER, seconds.into());
                }
            }
            let code = HeaderValue::from_static(error.code());
            response.insert_header(HeaderName::from_static(CODE_HEADER), code);
        }
        result
    }

    /// Answers a form: on success with a notice, otherwise with the form again and what was typed.
    /// Without script, both wait in a cookie for the page that the redirect leads to.
    pub fn respond_to_form<T>(
        &self,
        form: &Form,
        page: impl Into<LocalPath>,
        typed: Typed,
        notice: Option<Notice>,
        result: Result<T, AppError>,
    ) -> Result<T, AppError> {
        if self.page {
            let leads_on = result.is_err() || notice.is_some();
            match &result {
                Ok(_) => self.extras().flash.notice = notice,
                Err(error) => {
                    self.extras().flash.form = Some(RefusedForm {
                        form: form.id().into(),
                        error: error.clone(),
                        typed,
                    });
                }
            }
            if leads_on {
                self.go_to(page);
            }
        }
        self.respond(result)
    }

    /// Leads the browser to a page of this site.
    pub fn go_to(&self, path: impl Into<LocalPath>) {
        leptos_axum::redirect(path.into().as_str());
    }

    /// The page that a form was posted from without script.
    pub(crate) fn posted_from(&self) -> Option<LocalPath> {
        let parts = use_context::<Parts>()?;
        let referer = parts.headers.get(http::header::REFERER)?;
        let address = http::Uri::try_from(referer.as_bytes()).ok()?;
        let page = LocalPath::parse(address.path_and_query()?.as_str())?;
        self.page.then_some(page)
    }

    /// Without script, leads the browser back to the page it posted from. By itself it would get there,
    /// too, but with a `?` at the end of the address.
    pub fn go_back(&self) {
        if let Some(page) = self.posted_from() {
            self.go_to(page);
        }
    }

    /// The same, to a page which then says that.
    pub fn go_back_saying(&self, notice: Notice) {
        if self.page {
            self.extras().flash.notice = Some(notice);
            self.go_back();
        }
    }

    /// Leaves what was typed in a form for the next page.
    pub(crate) fn leave_draft(&self, draft: Option<Draft>) {
        self.extras().flash.draft = draft;
    }

    /// Remembers a preference in this browser.
    pub fn remember(&self, preference: Preference) {
        self.extras().preferences.push(preference);
    }

    /// What this response takes along, for the middleware, which has it then.
    pub fn take_extras(&self) -> ResponseExtras {
        std::mem::take(&mut *self.extras())
    }

    fn extras(&self) -> MutexGuard<'_, ResponseExtras> {
        self.extras.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives the page that is being rendered this status.
pub fn set_page_status(status: u16) {
    if let (Some(response), Ok(status)) = (
        use_context::<ResponseOptions>(),
        StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
}
