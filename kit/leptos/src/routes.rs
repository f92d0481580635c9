//! The account pages as routes.

use leptos::prelude::*;
use leptos_router::{
    Lazy, PartialPathMatch, PathSegment, PossibleRouteMatch, SsrMode,
    components::{Outlet, ParentRoute, Route},
    path,
};

use crate::{
    account::AccountPage, interface::Interface, keys::KeysPage, sessions::SessionsPage,
    sign_in::SignInPage, sign_up::SignUpPage,
};

/// The account pages, each at its address, among an app's own `<Routes>`: `/sign-up`, `/sign-in`,
/// `/account`, `/account/sessions` and `/admin/keys`, below the prefix that the server's app has said. An
/// app that wants another page at one of these addresses names its route before, or names each of the
/// others itself.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=Below(Interface::current().prefix) view=Outlet ssr=SsrMode::Async>
            <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
            <Route path=path!("/account") view={Lazy::<AccountPage>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/account/sessions") view={Lazy::<SessionsPage>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/admin/keys") view={Lazy::<KeysPage>::new()} ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}

/// What stands before the addresses of all account pages: no segment, or several. The router's own
/// `StaticSegment` holds one, and the number in a tuple of them is part of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Below(&'static str);

impl PossibleRouteMatch for Below {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        let remaining = path.strip_prefix(self.0)?;
        let matched = path.split_at(self.0.len()).0;
        (remaining.is_empty() || remaining.starts_with('/'))
            .then(|| PartialPathMatch::new(remaining, Vec::new(), matched))
    }

    fn generate_path(&self, path: &mut Vec<PathSegment>) {
        let segments = self.0.split('/').filter(|segment| !segment.is_empty());
        path.extend(segments.map(|segment| PathSegment::Static(segment.into())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_takes_all_of_its_segments_and_no_part_of_another() {
        let remaining = |prefix, path| Some(Below(prefix).test(path)?.remaining().to_owned());
        let below = |path: &str| Some(path.to_owned());
        assert_eq!(remaining("", "/sign-in"), below("/sign-in"));
        assert_eq!(remaining("/a", "/a/sign-in"), below("/sign-in"));
        assert_eq!(remaining("/a/b", "/a/b/sign-in"), below("/sign-in"));
        assert_eq!(remaining("/a/b", "/a/b"), below(""));
        for other in ["/a/sign-in", "/a/bc/sign-in", "/sign-in", "/", ""] {
            assert_eq!(remaining("/a/b", other), None, "{other}");
        }
        let mut path = Vec::new();
        Below("/a/b").generate_path(&mut path);
        Below("").generate_path(&mut path);
        let segments = ["a", "b"].map(|segment| PathSegment::Static(segment.into()));
        assert_eq!(path, segments);
    }
}
