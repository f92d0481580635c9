//! What the form asks of the core: parse, call, map the error.

use monban_auth::{Account, Name};

use crate::{
    error::AppError,
    form::NAME,
    server::{context::RequestContext, errors::internal_error, fields::name_error, instant_view},
    view::AccountView,
};

pub(crate) async fn rename(request: &RequestContext, name: &str) -> Result<String, AppError> {
    let claims = request.session.require()?;
    let name = parse_name(name)?;
    match request.auth.accounts().rename(claims.sub, &name).await {
        Ok(true) => Ok(name.as_str().to_owned()),
        Ok(false) => Err(AppError::SessionRequired),
        Err(error) => Err(internal_error(&error)),
    }
}

/// What to call somebody.
pub fn parse_name(name: &str) -> Result<Name, AppError> {
    Name::parse(name).map_err(|error| AppError::field(NAME, name_error(error)))
}

/// The account as its owner sees it.
pub fn account_view(account: &Account) -> AccountView {
    AccountView {
        id: account.id.to_string(),
        name: account.name.as_str().to_owned(),
        email: account.email.as_str().to_owned(),
        created_at: instant_view(account.created_at),
        roles: account.roles.iter().map(str::to_owned).collect(),
    }
}
