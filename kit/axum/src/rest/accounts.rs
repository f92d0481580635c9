//! `/accounts` and `/account`.

use axum::{Json as Answer, extract::State, http::StatusCode};
use monban_auth::AccountId;
use monban_leptos::{
    account::parse_name,
    error::AppError,
    server::internal_error,
    sign_up::{SignUpHook, map_sign_up_error, parse_sign_up},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    ROOT,
    input::{Bearer, Json, Peer},
    problem::Problem,
    responses::{Always, BodyAtFault, SignUpRefused, TokenAtFault},
    view::AccountView,
};
use crate::state::AppState;

/// The account to make.
#[derive(Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub struct NewAccount {
    /// The email address to sign in with.
    #[schema(
        required = true,
        min_length = 3,
        max_length = 254,
        example = "ann@example.com"
    )]
    email: String,
    /// A password that is not easy to guess, of at least 15 characters or as many as the settings
    /// require.
    #[schema(
        required = true,
        max_length = 1024,
        example = "kettle orbit plum sandal"
    )]
    password: String,
    /// The person's name.
    #[schema(required = true, min_length = 1, max_length = 100, example = "Ann")]
    name: String,
}

/// What may be changed about an account.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountChange {
    /// The person's name.
    #[schema(required = true, min_length = 1, max_length = 100, example = "Ann")]
    name: String,
}

/// Create an account. This starts no session: sign in next.
#[utoipa::path(
    post, context_path = ROOT, path = "/accounts", tag = "accounts", request_body = NewAccount,
    responses(
        (status = 201, description = "The account", body = AccountView),
        BodyAtFault, SignUpRefused, Always,
    ),
)]
pub async fn create_account(
    State(state): State<AppState>,
    Peer(client): Peer,
    Json(body): Json<NewAccount>,
) -> Result<(StatusCode, Answer<AccountView>), Problem> {
    let policy = state.auth.rules().password;
    let new = parse_sign_up(&body.name, &body.email, &body.password, policy)?;
    let account = state
        .auth
        .register(new, &client)
        .await
        .map_err(map_sign_up_error)?;
    if let Some(hook) = state.extensions.get::<SignUpHook>() {
        hook.run(account.id).await;
    }
    Ok((StatusCode::CREATED, Answer((&account).into())))
}

/// Show the account.
#[utoipa::path(
    get, context_path = ROOT, path = "/account", tag = "accounts", security(("bearer" = [])),
    responses((status = 200, description = "The account", body = AccountView), TokenAtFault, Always),
)]
pub async fn show_account(
    State(state): State<AppState>,
    Bearer(claims): Bearer,
) -> Result<Answer<AccountView>, Problem> {
    load_account(&state, claims.sub).await
}

/// Change the account's name.
#[utoipa::path(
    patch, context_path = ROOT, path = "/account", tag = "accounts", security(("bearer" = [])),
    request_body = AccountChange,
    responses(
        (status = 200, description = "The account as it is now", body = AccountView),
        BodyAtFault, TokenAtFault, Always,
    ),
)]
pub async fn rename_account(
    State(state): State<AppState>,
    Bearer(claims): Bearer,
    Json(body): Json<AccountChange>,
) -> Result<Answer<AccountView>, Problem> {
    let name = parse_name(&body.name)?;
    state
        .auth
        .accounts()
        .rename(claims.sub, &name)
        .await
        .map_err(|error| internal_error(&error))?;
    load_account(&state, claims.sub).await
}

async fn load_account(state: &AppState, id: AccountId) -> Result<Answer<AccountView>, Problem> {
    match state.auth.accounts().find(id).await {
        Ok(Some(account)) => Ok(Answer((&account).into())),
        Ok(None) => Err(Problem::from(AppError::SessionRequired).of_token()),
        Err(error) => Err(internal_error(&error).into()),
    }
}
