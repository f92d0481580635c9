//! Language and theme, as forms that work without script.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use server_fn::ServerFn;

use super::{
    api::{SetLanguage, SetTheme},
    choices::{Language, Theme},
};
use crate::{form::Form, i18n::t, page::PageContext};

/// The choices of language and theme, as forms that work without script.
#[component]
pub fn Preferences() -> impl IntoView {
    view! {
        // Enter in a field presses the first button that sends its form: this one, and none of those
        // below, which send it elsewhere (WHATWG HTML §4.10.22.2).
        <button type="submit" form=Form::ELEMENT hidden tabindex="-1"></button>
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
        <div class="switch" role="group" aria-label=t!(preferences.language)>
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
        <div class="switch" role="group" aria-label=t!(preferences.theme)>
            {option(Theme::Light, t!(preferences.light))}
            {option(Theme::Dark, t!(preferences.dark))}
            {option(Theme::System, t!(preferences.system))}
        </div>
    }
}

/// One choice: a form of one button, posted as it is. The page comes back as chosen. Where somebody may
/// be typing, the button sends their form instead, so that what was typed comes back, too.
#[component]
fn Choice(
    url: &'static str,
    name: &'static str,
    value: &'static str,
    label: &'static str,
    chosen: bool,
    #[prop(optional)] lang: Option<&'static str>,
) -> impl IntoView {
    let path = use_location().pathname;
    let typed_in = PageContext::get().form_paths;
    let form = move || {
        path.with(|path| typed_in.contains(path))
            .then_some(Form::ELEMENT)
    };
    view! {
        <form method="post" action=url>
            <button type="submit" name=name value=value title=label lang=lang aria-pressed=chosen.to_string() form=form formaction=url>{label}</button>
        </form>
    }
}
