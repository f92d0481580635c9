//! Pages whose code is loaded when somebody goes there, so that a first visit elsewhere is small.
//!
//! The code may not arrive: a newer version was deployed meanwhile, or the line breaks. The browser
//! then goes there as it would without script, by a document, which brings its own code along. That
//! cannot go round in circles: a document whose own code does not arrive stays what the server sent,
//! see [`preload`](crate::preload). Leptos' own `lazy_route` would take the whole interface down.

use leptos::prelude::*;

use crate::{components::Failure, error::AppError, local_path::LocalPath};

/// In place of a page whose code did not arrive: the whole document. Without a line there is none to
/// be had either, and the page says so.
pub async fn instead(address: LocalPath) -> AnyView {
    #[cfg(feature = "hydrate")]
    if window().navigator().on_line() {
        crate::session::tabs::load(address.as_str());
        // The page that is open stays until the document is here.
        return std::future::pending().await;
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = address;
    view! { <Failure error=AppError::Unreachable/> }.into_any()
}

/// Makes a page of a view: `$page` is its name for the router, `$chunk` that of its code, `$preload`
/// fetches the code ahead of time. Without the feature `split` the code is there from the start.
#[macro_export]
macro_rules! lazy_page {
    ($page:ident, $chunk:ident, $preload:ident, $view:expr) => {
        /// A page whose code is loaded when somebody goes there.
        #[derive(Debug)]
        pub struct $page;

        impl $page {
            /// Fetches its code. Answers whether it is here.
            pub async fn load() -> bool {
                $preload().await.is_ok()
            }
        }

        impl $crate::leptos_router::LazyRoute for $page {
            fn data() -> Self {
                Self
            }

            async fn view(_: Self) -> ::leptos::prelude::AnyView {
                let here = $crate::address::here();
                match $chunk().await {
                    Ok(page) => page,
                    Err(_) => $crate::lazy::instead(here).await,
                }
            }

            async fn preload() {
                // A failure shows when the page is due.
                Self::load().await;
            }
        }

        $crate::lazy_chunk!($chunk, $preload, $view);
    };
}
pub use lazy_page;

/// The code of a page, in a file of its own.
#[cfg(feature = "split")]
#[doc(hidden)]
#[macro_export]
macro_rules! lazy_chunk {
    ($chunk:ident, $preload:ident, $view:expr) => {
        #[$crate::wasm_split_helpers::wasm_split(
                                                    $chunk,
                                                    wasm_split_path = $crate::wasm_split_helpers,
                                                    fallible,
                                                    preload($preload)
                                                )]
        fn $chunk()
        -> Result<::leptos::prelude::AnyView, $crate::wasm_split_helpers::SplitLoaderError> {
            Ok($view.into_any())
        }
    };
}

/// The code of a page, beside the others.
#[cfg(not(feature = "split"))]
#[doc(hidden)]
#[macro_export]
macro_rules! lazy_chunk {
    ($chunk:ident, $preload:ident, $view:expr) => {
        async fn $chunk() -> Result<::leptos::prelude::AnyView, ::std::convert::Infallible> {
            Ok($view.into_any())
        }

        async fn $preload() -> Result<(), ::std::convert::Infallible> {
            Ok(())
        }
    };
}
