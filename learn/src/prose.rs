//! The written text of a page.

use leptos::prelude::*;

use super::Topic;

/// One section of a page's text. The browser keeps what the server wrote, so its own code has no text.
#[component]
pub(super) fn Prose(
    /// The page that the text belongs to.
    topic: Topic,
    /// The id of the section's heading; `""` is the text before the first heading.
    section: &'static str,
    /// Whether the section is a page of its own, so that its heading is the page's.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let html = crate::server::prose(topic, section, alone);
    #[cfg(not(feature = "ssr"))]
    let html = {
        let _ = (topic, section, alone);
        ""
    };
    view! { <div class="prose" data-raw inner_html=html></div> }
}
