//! Pages whose code is loaded when somebody goes there, so that a first visit elsewhere is small.
//!
//! The code may not arrive: the line breaks, or a newer version was deployed meanwhile. The page
//! then says so, as it does for data that does not arrive, and going there again tries again.
//! Leptos' own `lazy_route` would take the whole interface down.

use leptos::prelude::*;
use wasm_split_helpers::SplitLoaderError;

use crate::{components::Failure, error::AppError};

/// Makes a page of a view: `$page` is its name for the router, `$chunk` that of its code, `$preload`
/// fetches the code ahead of time.
macro_rules! lazy_page {
    ($page:ident, $chunk:ident, $preload:ident, $view:expr) => {
        #[derive(Debug)]
        pub(crate) struct $page;

        impl leptos_router::LazyRoute for $page {
            fn data() -> Self {
                Self
            }

            async fn view(_: Self) -> AnyView {
                $crate::lazy::shown($chunk().await)
            }

            async fn preload() {
                // A failure shows when the page is due.
                let _ = $preload().await;
            }
        }

        #[wasm_split_helpers::wasm_split($chunk, fallible, preload($preload))]
        fn $chunk() -> Result<AnyView, wasm_split_helpers::SplitLoaderError> {
            Ok($view.into_any())
        }
    };
}
pub(crate) use lazy_page;

/// The page, or that its code did not arrive.
pub(crate) fn shown(page: Result<AnyView, SplitLoaderError>) -> AnyView {
    page.unwrap_or_else(|_| view! { <Failure error=AppError::Unreachable/> }.into_any())
}
