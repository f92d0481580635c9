//! What there is to read.

use leptos::prelude::*;

use super::Topic;

/// One section of a page's text; `""` is what stands before the first heading. The browser keeps what
/// the server wrote.
#[component]
pub(super) fn Prose(
    /// Whose.
    topic: Topic,
    /// Which: the id of its heading.
    section: &'static str,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let html = crate::server::prose(topic, section);
    #[cfg(not(feature = "ssr"))]
    let html = {
        let _ = (topic, section);
        ""
    };
    view! { <div class="prose" data-raw inner_html=html></div> }
}
