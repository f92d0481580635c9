//! What the form asks of the core: parse, call, map the error.

use monban_auth::{Email, Name, Password, PasswordPolicy, SignUp, SignUpError};

use super::hook::SignUpHook;
use crate::{
    error::{AppError, FieldError, FieldErrorKind},
    form::{EMAIL, NAME, PASSWORD},
    server::{
        context::RequestContext,
        errors::internal_error,
        fields::{email_error, name_error, password_error},
    },
};

pub(crate) async fn sign_up(
    request: &RequestContext,
    name: &str,
    email: &str,
    password: &str,
) -> Result<(), AppError> {
    let new = parse_sign_up(name, email, password, request.auth.rules().password)?;
    let pair = request
        .auth
        .sign_up(new, &request.client)
        .await
        .map_err(map_sign_up_error)?;
    let account = pair.claims.sub;
    request.session.renewed(pair);
    if let Some(hook) = request.extension::<SignUpHook>() {
        hook.run(account).await;
    }
    Ok(())
}

/// Somebody who wants an account. Every field that is not acceptable is named at once; whether the password is easy to
/// guess is judged where it is hashed.
pub fn parse_sign_up(
    name: &str,
    email: &str,
    password: &str,
    policy: PasswordPolicy,
) -> Result<SignUp, AppError> {
    let password = Password::parse(password).and_then(|password| {
        policy.check_length(&password)?;
        Ok(password)
    });
    let (name, email, password) = (
        Name::parse(name).map_err(|error| FieldError::new(NAME, name_error(error))),
        Email::parse(email).map_err(|error| FieldError::new(EMAIL, email_error(error))),
        password.map_err(|error| FieldError::new(PASSWORD, password_error(error))),
    );
    match (name, email, password) {
        (Ok(name), Ok(email), Ok(password)) => Ok(SignUp {
            name,
            email,
            password,
        }),
        (name, email, password) => {
            let errors = [name.err(), email.err(), password.err()];
            Err(AppError::Invalid {
                errors: errors.into_iter().flatten().collect(),
            })
        }
    }
}

/// Why there is no account.
pub fn map_sign_up_error(error: SignUpError) -> AppError {
    match error {
        SignUpError::EmailTaken => AppError::field(EMAIL, FieldErrorKind::Taken),
        SignUpError::Closed => AppError::SignUpClosed,
        SignUpError::TooMany { retry_after } => AppError::TooManySignUps {
            retry_after: retry_after.as_secs().saturating_add(1),
        },
        SignUpError::Password(error) => AppError::field(PASSWORD, password_error(error)),
        SignUpError::Auth(error) => internal_error(&error),
    }
}
