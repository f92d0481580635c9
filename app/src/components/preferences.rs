//! Language and theme, as forms that work without script.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::{
    page::PageContext,
    preferences::{Language, SetLanguage, SetTheme, Theme},
    words::text,
};

#[component]
pub(crate) fn Preferences() -> impl IntoView {
    view! {
        <div class="preferences">
            <LanguageSwitch/>
            <ThemeSwitch/>
        </div>
    }
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let current = PageContext::get().language;
    let option = |language: Language, label| {
        view! { <Choice url=SetLanguage::url() name="language" value=language.tag() label chosen=current == language lang=language.tag()/> }
    };
    view! {
        <div class="switch" role="group" aria-label=text!(preferences.language)>
            {option(Language::En, "English")}
            {option(Language::Ja, "日本語")}
        </div>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let current = PageContext::get().theme;
    let option = |theme: Theme, label| {
        view! { <Choice url=SetTheme::url() name="theme" value=theme.name() label chosen=current == theme/> }
    };
    view! {
        <div class="switch" role="group" aria-label=text!(preferences.theme)>
            {option(Theme::Light, text!(preferences.light))}
            {option(Theme::Dark, text!(preferences.dark))}
            {option(Theme::System, text!(preferences.system))}
        </div>
    }
}

/// One choice: a form of one button, posted as it is. The page comes back as chosen.
#[component]
fn Choice(
    url: &'static str,
    name: &'static str,
    value: &'static str,
    label: &'static str,
    chosen: bool,
    #[prop(optional)] lang: Option<&'static str>,
) -> impl IntoView {
    view! {
        <form method="post" action=url>
            <input type="hidden" name=name value=value/>
            <button type="submit" title=label lang=lang aria-pressed=chosen.to_string()>{label}</button>
        </form>
    }
}
