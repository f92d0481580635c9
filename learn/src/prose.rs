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
    /// Whether it stands on a page of its own, whose heading is the first.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let html = {
        let html = crate::server::prose(topic, section);
        if alone {
            html.replace("<h2", "<h1").replace("</h2>", "</h1>")
        } else {
            html.to_owned()
        }
    };
    #[cfg(not(feature = "ssr"))]
    let html = {
        let _ = (topic, section, alone);
        String::new()
    };
    view! { <div class="prose" data-raw inner_html=html></div> }
}
