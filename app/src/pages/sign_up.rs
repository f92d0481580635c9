//! `/sign-up`: making an account.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    client::SessionClient,
    components::LeaveIfSignedIn,
    error::{AppError, Field},
    flash::FormId,
    form::{FormError, FormState, SubmitButton, TextField},
    page::PageContext,
    words::i18n::{t, t_string, use_i18n},
};

/// Makes an account and signs it in here.
#[server(prefix = "/api", endpoint = "sign_up", client = SessionClient)]
pub async fn sign_up(name: String, email: String, password: String) -> Result<(), AppError> {
    let request = crate::server::request()?;
    let typed = crate::flash::Typed { name: name.clone(), email: email.clone(), ..Default::default() };
    let outcome = crate::server::accounts::sign_up(&request, &name, &email, &password).await;
    if outcome.is_ok() {
        request.go_to("/account");
    }
    request.answer_form(FormId::SignUp, "/sign-up", typed, None, outcome)
}

#[component]
pub(crate) fn SignUpPage() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SignUp>::new();
    let state = FormState::new(FormId::SignUp, action);
    let form = NodeRef::<html::Form>::new();
    state.focus_first_fault(form);
    let FormState { error, pending, typed } = state;
    let min = PageContext::get().password_min;
    view! {
        <Title text=move || t_string!(i18n, sign_up.title)/>
        <LeaveIfSignedIn/>
        <div class="page narrow">
            <h1>{t!(i18n, sign_up.title)}</h1>
            <p class="lead">{t!(i18n, sign_up.lead)}</p>
            <ActionForm action=action node_ref=form attr:novalidate=true>
                <FormError error/>
                <TextField field=Field::Name name="name" autocomplete="name" value=typed.name error
                    label=Signal::derive(move || t_string!(i18n, field.name).to_owned())/>
                <TextField field=Field::Email name="email" kind="email" autocomplete="username" value=typed.email error
                    label=Signal::derive(move || t_string!(i18n, field.email).to_owned())/>
                <TextField field=Field::Password name="password" kind="password" autocomplete="new-password" error
                    label=Signal::derive(move || t_string!(i18n, field.password).to_owned())
                    hint=Signal::derive(move || t_string!(i18n, sign_up.password_hint, min = min).to_string())/>
                <SubmitButton pending label=Signal::derive(move || t_string!(i18n, sign_up.submit).to_owned())/>
            </ActionForm>
            <p class="aside">{t!(i18n, sign_up.have_account)} " " <A href="/sign-in">{t!(i18n, nav.sign_in)}</A></p>
        </div>
    }
}
