//! `/sign-up`: making an account.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    components::LeaveIfSignedIn,
    error::{AppError, Field},
    flash::FormId,
    form::{FormError, FormState, SubmitButton, TextField},
    page::PageContext,
    words::text,
};

/// Makes an account and signs it in here.
#[server(prefix = "/api", endpoint = "sign_up")]
pub async fn sign_up(name: String, email: String, password: String) -> Result<(), AppError> {
    let request = crate::server::request()?;
    let typed = crate::flash::Typed {
        name: name.clone(),
        email: email.clone(),
        ..Default::default()
    };
    let outcome = crate::server::accounts::sign_up(&request, &name, &email, &password).await;
    if outcome.is_ok() {
        request.go_to("/account");
    }
    request.answer_form(FormId::SignUp, "/sign-up", typed, None, outcome)
}

#[component]
pub(crate) fn SignUpPage() -> impl IntoView {
    let action = ServerAction::<SignUp>::new();
    let state = FormState::new(FormId::SignUp, action);
    let form = NodeRef::<html::Form>::new();
    state.focus_first_fault(form);
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
    let (title, lead) = if open {
        (text!(sign_up.title), text!(sign_up.lead))
    } else {
        (text!(sign_up.closed_title), text!(error.sign_up_closed))
    };
    view! {
        <Title text=title/>
        <LeaveIfSignedIn/>
        <div class="page narrow">
            <h1>{title}</h1>
            <p class="lead">{lead}</p>
            {open.then(|| view! {
                <ActionForm action=action node_ref=form attr:novalidate=true>
                    <FormError error/>
                    <TextField field=Field::Name name="name" autocomplete="name" value=typed.name error
                        label=text!(field.name)/>
                    <TextField field=Field::Email name="email" kind="email" autocomplete="username" value=typed.email error
                        label=text!(field.email)/>
                    <TextField field=Field::Password name="password" kind="password" autocomplete="new-password" error
                        label=text!(field.password)
                        hint=text!(sign_up.password_hint, min = min).to_string()/>
                    <SubmitButton pending label=text!(sign_up.submit)/>
                </ActionForm>
            })}
            <p class="aside">{text!(sign_up.have_account)} " " <A href="/sign-in">{text!(nav.sign_in)}</A></p>
        </div>
    }
}
