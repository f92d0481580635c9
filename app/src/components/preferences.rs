//! Language and theme, as forms that work without script.

use leptos::{form::ActionForm, prelude::*};

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

/// Loads the page anew in the other language.
#[component]
fn LanguageSwitch() -> impl IntoView {
    let action = ServerAction::<SetLanguage>::new();
    Effect::new(move || {
        if matches!(action.value().get(), Some(Ok(()))) {
            let _ = window().location().reload();
        }
    });
    let current = PageContext::get().language;
    let option = move |language: Language, label: &'static str| {
        view! {
            <ActionForm action=action>
                <input type="hidden" name="language" value=language.tag()/>
                <button type="submit" lang=language.tag() aria-pressed=(current == language).to_string()>{label}</button>
            </ActionForm>
        }
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
    let action = ServerAction::<SetTheme>::new();
    let from_server = PageContext::get().theme;
    // The input is there only while its answer is awaited; the choice stays.
    let current = Memo::new(move |chosen: Option<&Theme>| {
        action.input().get().map(|input| input.theme).or(chosen.copied()).unwrap_or(from_server)
    });
    Effect::new(move |before: Option<Theme>| {
        let theme = current.get();
        if before.is_some_and(|before| before != theme) {
            set_root_attribute("data-theme", theme.name());
        }
        theme
    });
    let option = move |theme: Theme| {
        let label = match theme {
            Theme::Light => text!(preferences.light),
            Theme::Dark => text!(preferences.dark),
            Theme::System => text!(preferences.system),
        };
        view! {
            <ActionForm action=action>
                <input type="hidden" name="theme" value=theme.name()/>
                <button type="submit" title=label aria-pressed=move || (current.get() == theme).to_string()>{label}</button>
            </ActionForm>
        }
    };
    view! {
        <div class="switch" role="group" aria-label=text!(preferences.theme)>
            {option(Theme::Light)}
            {option(Theme::Dark)}
            {option(Theme::System)}
        </div>
    }
}

fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(name, value);
    }
}
