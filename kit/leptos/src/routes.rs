//! The account pages as routes.

use leptos::prelude::*;
use leptos_router::{
    Lazy, SsrMode, StaticSegment,
    components::{Outlet, ParentRoute, Route},
    path,
};

use crate::{
    account::AccountPage, interface::Interface, keys::KeysPage, sessions::SessionsPage,
    sign_in::SignInPage, sign_up::SignUpPage,
};

/// The account pages, each at its address, among an app's own `<Routes>`: `/sign-up`, `/sign-in`,
/// `/account`, `/account/sessions` and `/admin/keys`, below the prefix that the server's app has said. An app that wants another page at one of these
/// addresses names its route before, or names each of the others itself.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=StaticSegment(Interface::current().prefix) view=Outlet ssr=SsrMode::Async>
            <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
            <Route path=path!("/account") view={Lazy::<AccountPage>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/account/sessions") view={Lazy::<SessionsPage>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/admin/keys") view={Lazy::<KeysPage>::new()} ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}
