//! `/sign-in`: proving who one is.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use super::{api::SignIn, form::FORM};
use crate::{
    address::way_on,
    components::LeaveIfSignedIn,
    form::{
        EMAIL, Form, FormError, FormState, Once, PASSWORD, SubmitButton, TextField,
        email_error_text, password_error_text,
    },
    i18n::t,
    page::PageContext,
};

/// `/sign-in`: proving who one is.
#[component]
pub fn SignInPage() -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let state = FormState::new(&FORM, action);
    let form = NodeRef::<html::Form>::new();
    state.focus_first_error(form);
    let FormState {
        error,
        pending,
        typed,
    } = state;
    let (typed, next) = (typed.unwrap_or_default(), way_on());
    view! {
        <Title text=t!(sign_in.title)/>
        <LeaveIfSignedIn next=next.get_untracked()/>
        <div class="page narrow">
            <h1>{t!(sign_in.title)}</h1>
            <p class="lead">{t!(sign_in.lead)}</p>
            <ActionForm action=action node_ref=form attr:id=Form::ELEMENT attr:novalidate=true>
                <FormError error/>
                <Once/>
                <input type="hidden" name="next" value=move || next.get().to_string()/>
                <TextField name=EMAIL kind="email" autocomplete="username" value=typed.value(EMAIL) error focus_when_refused=true
                    label=t!(field.email) error_text=email_error_text/>
                <TextField name=PASSWORD kind="password" autocomplete="current-password" error
                    label=t!(field.password) error_text=password_error_text/>
                <label class="check">
                    <input type="checkbox" name="keep" value="true" checked=!typed.is_unticked("keep")/>
                    <span>{t!(sign_in.keep)}</span>
                </label>
                <SubmitButton pending label=t!(sign_in.submit)/>
            </ActionForm>
            {PageContext::get().sign_up_open.then(|| view! {
                <p class="aside">{t!(sign_in.no_account)} " " <A href=move || next.get().to_sign_up().to_string()>{t!(nav.sign_up)}</A></p>
            })}
        </div>
    }
}
