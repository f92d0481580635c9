//! `/sign-up`: making an account.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use super::{api::SignUp, form::FORM};
use crate::{
    address::way_on,
    components::LeaveIfSignedIn,
    form::{
        EMAIL, Form, FormError, FormState, NAME, Once, PASSWORD, SubmitButton, TextField,
        email_error_text, name_error_text, password_error_text,
    },
    i18n::t,
    page::PageContext,
};

/// `/sign-up`: making an account.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let action = ServerAction::<SignUp>::new();
    let state = FormState::new(&FORM, action);
    let form = NodeRef::<html::Form>::new();
    state.focus_first_error(form);
    let FormState {
        error,
        pending,
        typed,
    } = state;
    let PageContext {
        password_min: min,
        sign_up_open: open,
        ..
    } = PageContext::get();
    let (typed, next) = (typed.unwrap_or_default(), way_on());
    let (title, lead) = if open {
        (t!(sign_up.title), t!(sign_up.lead))
    } else {
        (t!(sign_up.closed_title), t!(error.sign_up_closed))
    };
    view! {
        <Title text=title/>
        <LeaveIfSignedIn next=next.get_untracked()/>
        <div class="page narrow">
            <h1>{title}</h1>
            <p class="lead">{lead}</p>
            {open.then(|| view! {
                <ActionForm action=action node_ref=form attr:id=Form::ELEMENT attr:novalidate=true>
                    <FormError error/>
                    <Once/>
                    <input type="hidden" name="next" value=move || next.get().to_string()/>
                    <TextField name=NAME autocomplete="name" value=typed.value(NAME) error capitals=true
                        label=t!(field.name) error_text=name_error_text/>
                    <TextField name=EMAIL kind="email" autocomplete="username" value=typed.value(EMAIL) error
                        label=t!(field.email) error_text=email_error_text/>
                    <TextField name=PASSWORD kind="password" autocomplete="new-password" error
                        label=t!(field.password) error_text=password_error_text
                        hint=t!(sign_up.password_hint, min = min)/>
                    <SubmitButton pending label=t!(sign_up.submit)/>
                </ActionForm>
            })}
            <p class="aside">{t!(sign_up.have_account)} " " <A href=move || next.get().to_sign_in().to_string()>{t!(nav.sign_in)}</A></p>
        </div>
    }
}
