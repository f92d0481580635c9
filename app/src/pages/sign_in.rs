//! `/sign-in`: proving who one is.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};

use crate::{
    client::SessionClient,
    components::LeaveIfSignedIn,
    error::{AppError, Field},
    flash::FormId,
    form::{FormError, FormState, SubmitButton, TextField},
    local_path::LocalPath,
    words::i18n::{t, t_string, use_i18n},
};

/// Signs in here, with a new session, and leads on to `next`.
#[server(prefix = "/api", endpoint = "sign_in", client = SessionClient)]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)] keep: bool,
    #[server(default)] next: LocalPath,
) -> Result<(), AppError> {
    let request = crate::server::request()?;
    let typed = crate::flash::Typed { email: email.clone(), not_kept: !keep, ..Default::default() };
    let outcome = crate::server::accounts::sign_in(&request, &email, &password, keep).await;
    if outcome.is_ok() {
        request.go_to(next.as_str());
    }
    let again = next.via_sign_in();
    request.answer_form(FormId::SignIn, again.as_str(), typed, None, outcome)
}

#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SignIn>::new();
    let state = FormState::new(FormId::SignIn, action);
    let form = NodeRef::<html::Form>::new();
    state.focus_first_fault(form);
    let FormState { error, pending, typed } = state;
    let next = use_query_map().with_untracked(|query| LocalPath::from(query.get("next").unwrap_or_default()));
    view! {
        <Title text=move || t_string!(i18n, sign_in.title)/>
        <LeaveIfSignedIn next=next.clone()/>
        <div class="page narrow">
            <h1>{t!(i18n, sign_in.title)}</h1>
            <p class="lead">{t!(i18n, sign_in.lead)}</p>
            <ActionForm action=action node_ref=form attr:novalidate=true>
                <FormError error/>
                <input type="hidden" name="next" value=next.to_string()/>
                <TextField field=Field::Email name="email" kind="email" autocomplete="username" value=typed.email error focus_when_refused=true
                    label=Signal::derive(move || t_string!(i18n, field.email).to_owned())/>
                <TextField field=Field::Password name="password" kind="password" autocomplete="current-password" error
                    label=Signal::derive(move || t_string!(i18n, field.password).to_owned())/>
                <label class="check">
                    <input type="checkbox" name="keep" value="true" checked=!typed.not_kept/>
                    <span>{t!(i18n, sign_in.keep)}</span>
                </label>
                <SubmitButton pending label=Signal::derive(move || t_string!(i18n, sign_in.submit).to_owned())/>
            </ActionForm>
            <p class="aside">{t!(i18n, sign_in.no_account)} " " <A href="/sign-up">{t!(i18n, nav.sign_up)}</A></p>
        </div>
    }
}
