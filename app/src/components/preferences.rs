//! Language and theme, as forms that work without script.

use leptos::{form::ActionForm, prelude::*};

use crate::{
    page::PageContext,
    preferences::{Language, SetLanguage, SetTheme, Theme},
    words::i18n::{Locale, t_string, use_i18n},
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

/// Switches in place once the page is alive, so that nothing typed is lost.
#[component]
fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SetLanguage>::new();
    let chosen = Memo::new(move |_| action.input().get().map(|input| input.language));
    Effect::new(move |_| {
        if let Some(language) = chosen.get() {
            i18n.set_locale(match language {
                Language::En => Locale::en,
                Language::Ja => Locale::ja,
            });
            set_root_attribute("lang", language.tag());
        }
    });
    let current = move || if i18n.get_locale() == Locale::ja { Language::Ja } else { Language::En };
    let option = move |language: Language, label: &'static str| {
        view! {
            <ActionForm action=action>
                <input type="hidden" name="language" value=language.tag()/>
                <button type="submit" lang=language.tag() aria-pressed=move || (current() == language).to_string()>{label}</button>
            </ActionForm>
        }
    };
    view! {
        <div class="switch" role="group" aria-label=move || t_string!(i18n, preferences.language)>
            {option(Language::En, "English")}
            {option(Language::Ja, "日本語")}
        </div>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
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
        let label = move || match theme {
            Theme::Light => t_string!(i18n, preferences.light),
            Theme::Dark => t_string!(i18n, preferences.dark),
            Theme::System => t_string!(i18n, preferences.system),
        };
        view! {
            <ActionForm action=action>
                <input type="hidden" name="theme" value=theme.name()/>
                <button type="submit" title=label aria-pressed=move || (current.get() == theme).to_string()>{label}</button>
            </ActionForm>
        }
    };
    view! {
        <div class="switch" role="group" aria-label=move || t_string!(i18n, preferences.theme)>
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
