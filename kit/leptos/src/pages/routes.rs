//! The account pages as routes.

use leptos::prelude::*;
use leptos_router::{
    Lazy, SsrMode,
    components::{Outlet, ParentRoute, Route},
    path,
};

use super::{AccountPage, KeysPage, SessionsPage, SignInPage, SignUpPage};

/// The account pages, each at its address, among an app's own `<Routes>`: `/sign-up`, `/sign-in`,
/// `/account`, `/account/sessions` and `/admin/keys`. An app that wants another page at one of these
/// addresses names its route before, or names each of the others itself.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
            <Route path=path!("/account") view={Lazy::<AccountPage>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/account/sessions") view={Lazy::<SessionsPage>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/admin/keys") view={Lazy::<KeysPage>::new()} ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}
