//! `/account`: who one is here.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    client::SessionClient,
    components::{Instant, Note, SignedIn},
    error::{AppError, Field},
    flash::{FormId, Notice},
    form::{FormError, FormState, SubmitButton, TextField},
    lazy::lazy_page,
    page::CurrentAccount,
    view::{ADMIN, AccountView},
    words::text,
};

/// Gives the account another name. Answers the name as it is kept.
#[server(prefix = "/api", endpoint = "update_account", client = SessionClient)]
pub async fn update_account(
    /// What to call the person from now on.
    name: String,
) -> Result<String, AppError> {
    let request = crate::server::request()?;
    let typed = crate::flash::Typed {
        name: name.clone(),
        ..Default::default()
    };
    let outcome = crate::server::accounts::rename(&request, &name).await;
    request.respond_to_form(
        FormId::Account,
        "/account",
        typed,
        Some(Notice::AccountSaved),
        outcome,
    )
}

lazy_page!(
    AccountPage,
    account_page,
    preload_account_page,
    view! {
        <Title text=text!(account.title)/>
        <SignedIn page=|account| view! { <AccountForm account/> }/>
    }
);

#[component]
fn AccountForm(account: AccountView) -> impl IntoView {
    let (current, admin) = (CurrentAccount::get(), account.has_role(ADMIN));
    let action = ServerAction::<UpdateAccount>::new();
    Effect::new(move || {
        if let Some(Ok(name)) = action.value().get() {
            current.update(|account| {
                if let Some(account) = account {
                    account.name.clone_from(&name);
                }
            });
        }
    });
    let state = FormState::new(FormId::Account, action);
    let form = NodeRef::<html::Form>::new();
    state.focus_first_fault(form);
    let FormState {
        error,
        pending,
        typed,
    } = state;
    let saved = Signal::derive(move || match action.value().get() {
        Some(Ok(_)) => Some(Notice::AccountSaved),
        _ => None,
    });
    let name = typed.map_or(account.name, |typed| typed.name);
    view! {
        <div class="page narrow">
            <h1>{text!(account.title)}</h1>
            <ActionForm action=action node_ref=form attr:id=FormId::ELEMENT attr:novalidate=true>
                <FormError error/>
                <Note notice=saved/>
                <TextField field=Field::Name name="name" autocomplete="name" value=name error
                    label=text!(field.name)/>
                <SubmitButton pending label=text!(account.submit)/>
            </ActionForm>
            <dl class="facts">
                <dt>{text!(field.email)}</dt>
                <dd>{account.email}</dd>
                <dt>{text!(account.member_since)}</dt>
                <dd><Instant at=account.created_at day_only=true/></dd>
            </dl>
            {admin.then(|| view! { <p><A href="/admin/keys">{text!(keys.title)}</A></p> })}
        </div>
    }
}
