//! `/account`: who one is here.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;

use crate::{
    app::CurrentAccount,
    client::SessionClient,
    components::{Instant, Note, SignedIn},
    error::{AppError, Field},
    flash::{FormId, Notice},
    form::{FormError, FormState, SubmitButton, TextField},
    view::AccountView,
    words::i18n::{t, t_string, use_i18n},
};

/// Gives the account another name.
#[server(prefix = "/api", endpoint = "update_account", client = SessionClient)]
pub async fn update_account(name: String) -> Result<(), AppError> {
    let request = crate::server::request()?;
    let typed = crate::flash::Typed { name: name.clone(), ..Default::default() };
    let outcome = crate::server::accounts::rename(&request, &name).await;
    request.answer_form(FormId::Account, "/account", typed, Some(Notice::AccountSaved), outcome)
}

#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let current: CurrentAccount = expect_context();
    // Here and not in the form: a new name renders the form anew, and what it said must stay.
    let action = ServerAction::<UpdateAccount>::new();
    Effect::new(move |_| {
        if matches!(action.value().get(), Some(Ok(()))) {
            current.refetch();
        }
    });
    view! {
        <Title text=move || t_string!(i18n, account.title)/>
        <SignedIn page=move |account| view! { <AccountForm account action/> }/>
    }
}

#[component]
fn AccountForm(account: AccountView, action: ServerAction<UpdateAccount>) -> impl IntoView {
    let i18n = use_i18n();
    let state = FormState::new(FormId::Account, action);
    let form = NodeRef::<html::Form>::new();
    state.focus_first_fault(form);
    let FormState { error, pending, typed } = state;
    let saved = Signal::derive(move || match action.value().get() {
        Some(Ok(())) => Some(Notice::AccountSaved),
        _ => None,
    });
    let name = if error.with_untracked(Option::is_some) { typed.name } else { account.name };
    view! {
        <div class="page narrow">
            <h1>{t!(i18n, account.title)}</h1>
            <ActionForm action=action node_ref=form attr:novalidate=true>
                <FormError error/>
                <Note notice=saved/>
                <TextField field=Field::Name name="name" autocomplete="name" value=name error
                    label=Signal::derive(move || t_string!(i18n, field.name).to_owned())/>
                <SubmitButton pending label=Signal::derive(move || t_string!(i18n, account.submit).to_owned())/>
            </ActionForm>
            <dl class="facts">
                <dt>{t!(i18n, field.email)}</dt>
                <dd>{account.email}</dd>
                <dt>{t!(i18n, account.member_since)}</dt>
                <dd><Instant at=account.created_at day_only=true/></dd>
            </dl>
        </div>
    }
}
