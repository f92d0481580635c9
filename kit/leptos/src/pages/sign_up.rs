//! `/sign-up`: making an account.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    address::way_on,
    components::LeaveIfSignedIn,
    error::{AppError, Field},
    flash::FormId,
    form::{FormError, FormState, Once, SubmitButton, TextField},
    local_path::LocalPath,
    page::PageContext,
    words::text,
};

/// Makes an account, signs it in here, and leads on to `next`.
#[server(prefix = "/api", endpoint = "sign_up")]
pub async fn sign_up(
    /// What to call the person.
    name: String,
    /// The account's address.
    email: String,
    /// Its password.
    password: String,
    /// Where to go on to.
    #[server(default)]
    next: LocalPath,
) -> Result<(), AppError> {
    let request = crate::server::request()?;
    let typed = crate::flash::Typed {
        name: name.clone(),
        email: email.clone(),
        ..Default::default()
    };
    let outcome = crate::server::accounts::sign_up(&request, &name, &email, &password).await;
    if outcome.is_ok() {
        request.go_to(next.clone());
    }
    request.respond_to_form(FormId::SignUp, next.to_sign_up(), typed, None, outcome)
}

/// `/sign-up`: making an account.
#[component]
pub fn SignUpPage() -> impl IntoView {
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
    let (typed, next) = (typed.unwrap_or_default(), way_on());
    let (title, lead) = if open {
        (text!(sign_up.title), text!(sign_up.lead))
    } else {
        (text!(sign_up.closed_title), text!(error.sign_up_closed))
    };
    view! {
        <Title text=title/>
        <LeaveIfSignedIn next=next.get_untracked()/>
        <div class="page narrow">
            <h1>{title}</h1>
            <p class="lead">{lead}</p>
            {open.then(|| view! {
                <ActionForm action=action node_ref=form attr:id=FormId::ELEMENT attr:novalidate=true>
                    <FormError error/>
                    <Once/>
                    <input type="hidden" name="next" value=move || next.get().to_string()/>
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
            <p class="aside">{text!(sign_up.have_account)} " " <A href=move || next.get().to_sign_in().to_string()>{text!(nav.sign_in)}</A></p>
        </div>
    }
}
