//! The document of the other site, from which a visitor can try a cross-site request.

use leptos::prelude::*;
use leptos_i18n::td_string;
use monban_leptos::{preferences::Language, server::Head};

use crate::i18n::locale_of;

/// The document at `other`, whose form posts to `origin`.
pub fn other_site_document(origin: &str, other: &str, language: Language, css: &str) -> String {
    let locale = locale_of(language);
    let action = format!("{origin}/api/sign_out");
    let back = format!("{origin}/learn/attacks/cross-site");
    let title = td_string!(locale, attacks.other_site.title);
    let lead = td_string!(locale, attacks.other_site.lead, origin, other);
    view! {
        <!DOCTYPE html>
        <html lang=language.tag()>
            <head>
                <Head css=css.to_owned()/>
                <link rel="stylesheet" href="/learn.css"/>
                <title>{title}</title>
            </head>
            <body>
                <main class="page narrow" id="main">
                    <h1>{title}</h1>
                    <p class="lead">{lead}</p>
                    <form method="post" action=action>
                        <button class="button">{td_string!(locale, attacks.other_site.prize)}</button>
                    </form>
                    <p class="hint">{td_string!(locale, attacks.other_site.then, origin)}</p>
                    <p class="hint"><a href=back>{td_string!(locale, attacks.other_site.back)}</a></p>
                </main>
            </body>
        </html>
    }
    .to_html()
}
