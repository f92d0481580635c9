//! `/sign-in`: proving who one is.

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

/// Signs in here, with a new session, and leads on to `next`.
#[server(prefix = "/api", endpoint = "sign_in")]
pub async fn sign_in(
    /// The account's address.
    email: String,
    /// Its password.
    password: String,
    /// Whether to stay signed in when the browser is closed.
    #[server(default)]
    keep: bool,
    /// Where to go on to.
    #[server(default)]
    next: LocalPath,
) -> Result<(), AppError> {
    let request = crate::server::request()?;
    let typed = crate::flash::Typed {
        email: email.clone(),
        not_kept: !keep,
        ..Default::default()
    };
    let outcome = crate::server::accounts::sign_in(&request, &email, &password, keep).await;
    if outcome.is_ok() {
        request.go_to(next.clone());
    }
    request.respond_to_form(FormId::SignIn, next.via_sign_in(), typed, None, outcome)
}

/// `/sign-in`: proving who one is.
#[component]
pub fn SignInPage() -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let state = FormState::new(FormId::SignIn, action);
    let form = NodeRef::<html::Form>::new();
    state.focus_first_fault(form);
    let FormState {
        error,
        pending,
        typed,
    } = state;
    let (typed, next) = (typed.unwrap_or_default(), way_on());
    view! {
        <Title text=text!(sign_in.title)/>
        <LeaveIfSignedIn next=next.get_untracked()/>
        <div class="page narrow">
            <h1>{text!(sign_in.title)}</h1>
            <p class="lead">{text!(sign_in.lead)}</p>
            <ActionForm action=action node_ref=form attr:id=FormId::ELEMENT attr:novalidate=true>
                <FormError error/>
                <Once/>
                <input type="hidden" name="next" value=move || next.get().to_string()/>
                <TextField field=Field::Email name="email" kind="email" autocomplete="username" value=typed.email error focus_when_refused=true
                    label=text!(field.email)/>
                <TextField field=Field::Password name="password" kind="password" autocomplete="current-password" error
                    label=text!(field.password)/>
                <label class="check">
                    <input type="checkbox" name="keep" value="true" checked=!typed.not_kept/>
                    <span>{text!(sign_in.keep)}</span>
                </label>
                <SubmitButton pending label=text!(sign_in.submit)/>
            </ActionForm>
            {PageContext::get().sign_up_open.then(|| view! {
                <p class="aside">{text!(sign_in.no_account)} " " <A href=move || next.get().to_sign_up().to_string()>{text!(nav.sign_up)}</A></p>
            })}
        </div>
    }
}
