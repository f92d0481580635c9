//! What the form asks of the core: parse, call, map the error.

use monban_auth::{Email, EmailError, Password, Persistence, SignIn, SignInError};

use crate::{
    error::{AppError, FieldError, FieldErrorKind},
    form::{EMAIL, PASSWORD},
    server::{context::RequestContext, errors::internal_error, fields::password_error},
};

pub(crate) async fn sign_in(
    request: &RequestContext,
    email: &str,
    password: &str,
    keep: bool,
) -> Result<(), AppError> {
    let persistence = if keep {
        Persistence::Kept
    } else {
        Persistence::Browser
    };
    let sign_in = parse_sign_in(email, password, persistence)?;
    let pair = request
        .auth
        .sign_in(sign_in, &request.client)
        .await
        .map_err(map_sign_in_error)?;
    request.session.renewed(pair);
    Ok(())
}

/// Somebody who says who they are. What is no address is no error here: it is nobody's.
pub fn parse_sign_in(
    email: &str,
    password: &str,
    persistence: Persistence,
) -> Result<SignIn, AppError> {
    let required = |field| FieldError::new(field, FieldErrorKind::Required);
    let email = Email::parse(email);
    let mut errors = Vec::new();
    errors.extend((email == Err(EmailError::Empty)).then(|| required(EMAIL)));
    let password = Password::parse(password);
    errors.extend(
        password
            .as_ref()
            .err()
            .map(|e| FieldError::new(PASSWORD, password_error(*e))),
    );
    let (Ok(password), true) = (password, errors.is_empty()) else {
        return Err(AppError::Invalid { errors });
    };
    Ok(SignIn {
        email: email.ok(),
        password,
        persistence,
    })
}

/// Why somebody is not signed in.
pub fn map_sign_in_error(error: SignInError) -> AppError {
    match error {
        SignInError::InvalidCredentials => AppError::InvalidCredentials,
        SignInError::TooManyFailures { retry_after } => AppError::TooManyFailures {
            retry_after: retry_after.as_secs().saturating_add(1),
        },
        SignInError::Auth(error) => internal_error(&error),
    }
}
