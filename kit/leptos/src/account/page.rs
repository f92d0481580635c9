//! `/account`: who one is here.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use super::{api::UpdateAccount, form::FORM};
use crate::{
    address::account_path,
    components::{Instant, Note, SignedIn},
    form::{Form, FormError, FormState, NAME, SubmitButton, TextField, name_error_text},
    i18n::t,
    lazy::lazy_page,
    page::CurrentAccount,
    view::{ADMIN, AccountView},
};

lazy_page!(
    AccountPage,
    account_page,
    preload_account_page,
    view! {
        <Title text=t!(account.title)/>
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
    let state = FormState::new(&FORM, action);
    let form = NodeRef::<html::Form>::new();
    state.focus_first_error(form);
    let FormState {
        error,
        pending,
        typed,
    } = state;
    let text = t!(account.saved);
    let saved =
        Signal::derive(move || matches!(action.value().get(), Some(Ok(_))).then(|| text.into()));
    let name = typed.map_or(account.name, |typed| typed.value(NAME));
    view! {
        <div class="page narrow">
            <h1>{t!(account.title)}</h1>
            <ActionForm action=action node_ref=form attr:id=Form::ELEMENT attr:novalidate=true>
                <FormError error/>
                <Note text=saved/>
                <TextField name=NAME autocomplete="name" value=name error capitals=true
                    label=t!(field.name) error_text=name_error_text/>
                <SubmitButton pending label=t!(account.submit)/>
            </ActionForm>
            <dl class="facts">
                <dt>{t!(field.email)}</dt>
                <dd>{account.email}</dd>
                <dt>{t!(account.member_since)}</dt>
                <dd><Instant at=account.created_at day_only=true/></dd>
            </dl>
            {admin.then(|| view! { <p><A href=account_path("/admin/keys")>{t!(keys.title)}</A></p> })}
        </div>
    }
}
