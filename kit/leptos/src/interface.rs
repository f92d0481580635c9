//! How an app wants its account pages: below which prefix, in whose words, and which forms it has beside
//! them. Said once, on the server; the browser reads it from the page.

use leptos::prelude::*;

use crate::{form::Form, i18n::OwnText};

/// What an app says of its pages. In context wherever one is rendered or a server function runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interface {
    /// What stands before the address of each account page: nothing, or a path such as `/accounts` or
    /// `/members/area`.
    pub prefix: &'static str,
    /// The app's words in the place of the kit's.
    pub texts: &'static [OwnText],
    /// The app's own forms in which somebody types.
    pub forms: &'static [&'static Form],
}

impl Interface {
    /// Whether that can stand before addresses: nothing, or plain segments with a slash before each. None
    /// stands before the server functions, which are below `/api`.
    pub fn is_prefix(prefix: &str) -> bool {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_plain =
            |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(unreserved);
        let mut segments = prefix.split('/');
        prefix.is_empty()
            || segments.next() == Some("")
                && segments.clone().next() != Some("api")
                && segments.all(is_plain)
    }

    /// What the app has said.
    pub(crate) fn current() -> Self {
        use_context().unwrap_or_default()
    }
}

/// The address of an account page, such as `/sign-in`, where this app has it.
pub fn account_path(page: &str) -> String {
    [Interface::current().prefix, page].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_plain_segments_or_nothing() {
        for good in ["", "/accounts", "/my-accounts_2", "/members/area", "/a/api"] {
            assert!(Interface::is_prefix(good), "{good}");
        }
        for bad in [
            "accounts", "/", "/a/", "/a//b", "/..", "/a/../b", "/api", "/api/a", "/a?b", "/門",
        ] {
            assert!(!Interface::is_prefix(bad), "{bad}");
        }
    }

    #[test]
    fn an_account_page_stands_below_the_prefix_and_elsewhere_as_it_is() {
        let owner = Owner::new();
        owner.with(|| {
            assert_eq!(account_path("/sign-in"), "/sign-in");
            provide_context(Interface {
                prefix: "/accounts",
                ..Interface::default()
            });
            assert_eq!(account_path("/sign-in"), "/accounts/sign-in");
        });
    }
}
