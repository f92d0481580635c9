//! What the forms ask of the core: parse, call, map the error.

use monban_auth::{
    Email, EmailError, Name, NameError, Password, PasswordError, Persistence, SessionId, SignIn,
    SignInError, SignUp, SignUpError, Weakness,
};

use super::{RequestContext, failed, session_view};
use crate::{
    error::{AppError, Fault, Field, Problem},
    view::SessionView,
};

pub(crate) async fn sign_up(
    request: &RequestContext,
    name: &str,
    email: &str,
    password: &str,
) -> Result<(), AppError> {
    let (name, email, password) = (
        Name::parse(name).map_err(|error| fault(Field::Name, name_problem(error))),
        Email::parse(email).map_err(|error| fault(Field::Email, email_problem(error))),
        Password::parse(password).map_err(|error| fault(Field::Password, password_problem(error))),
    );
    let new = match (name, email, password) {
        (Ok(name), Ok(email), Ok(password)) => SignUp {
            name,
            email,
            password,
        },
        (name, email, password) => {
            let faults = [name.err(), email.err(), password.err()];
            return Err(AppError::Invalid {
                faults: faults.into_iter().flatten().collect(),
            });
        }
    };
    let pair = request
        .auth
        .sign_up(new, &request.client)
        .await
        .map_err(|error| match error {
            SignUpError::EmailTaken => AppError::field(Field::Email, Problem::Taken),
            SignUpError::Password(error) => {
                AppError::field(Field::Password, password_problem(error))
            }
            SignUpError::Auth(error) => failed(&error),
        })?;
    request.session.sign_in(&request.auth, pair).await
}

pub(crate) async fn sign_in(
    request: &RequestContext,
    email: &str,
    password: &str,
    keep: bool,
) -> Result<(), AppError> {
    let required = |field| fault(field, Problem::Required);
    let mut faults = Vec::new();
    faults.extend(email.trim().is_empty().then(|| required(Field::Email)));
    let password = Password::parse(password);
    faults.extend(
        password
            .as_ref()
            .err()
            .map(|e| fault(Field::Password, password_problem(*e))),
    );
    let (Ok(password), true) = (password, faults.is_empty()) else {
        return Err(AppError::Invalid { faults });
    };
    let persistence = if keep {
        Persistence::Kept
    } else {
        Persistence::Browser
    };
    let who = SignIn {
        email: Email::parse(email).ok(),
        password,
        persistence,
    };
    let pair = request
        .auth
        .sign_in(who, &request.client)
        .await
        .map_err(|error| match error {
            SignInError::InvalidCredentials => AppError::InvalidCredentials,
            SignInError::Auth(error) => failed(&error),
        })?;
    request.session.sign_in(&request.auth, pair).await
}

pub(crate) async fn rename(request: &RequestContext, name: &str) -> Result<String, AppError> {
    let who = request.session.require()?;
    let name =
        Name::parse(name).map_err(|error| AppError::field(Field::Name, name_problem(error)))?;
    match request.auth.rename_account(who.sub, &name).await {
        Ok(true) => Ok(name.as_str().to_owned()),
        Ok(false) => Err(AppError::SessionRequired),
        Err(error) => Err(failed(&error)),
    }
}

pub(crate) async fn list_sessions(request: &RequestContext) -> Result<Vec<SessionView>, AppError> {
    let who = request.session.require()?;
    let sessions = request
        .auth
        .list_sessions(who.sub)
        .await
        .map_err(|error| failed(&error))?;
    let mut views: Vec<_> = sessions
        .iter()
        .map(|session| session_view(session, who.sid))
        .collect();
    views.sort_by_key(|view| !view.current);
    Ok(views)
}

pub(crate) async fn end_session(request: &RequestContext, id: &str) -> Result<(), AppError> {
    let who = request.session.require()?;
    let id: SessionId = id.parse().map_err(|_| AppError::BadRequest)?;
    request
        .auth
        .end_session(&who, id)
        .await
        .map_err(|error| failed(&error))
}

pub(crate) async fn end_other_sessions(request: &RequestContext) -> Result<(), AppError> {
    let who = request.session.require()?;
    request
        .auth
        .end_other_sessions(&who)
        .await
        .map_err(|error| failed(&error))
}

const fn fault(field: Field, problem: Problem) -> Fault {
    Fault { field, problem }
}

const fn name_problem(error: NameError) -> Problem {
    match error {
        NameError::Empty => Problem::Required,
        NameError::TooLong => Problem::TooLong,
        NameError::Forbidden => Problem::Forbidden,
    }
}

const fn email_problem(error: EmailError) -> Problem {
    match error {
        EmailError::Empty => Problem::Required,
        EmailError::Malformed => Problem::Malformed,
        EmailError::TooLong => Problem::TooLong,
    }
}

const fn password_problem(error: PasswordError) -> Problem {
    match error {
        PasswordError::Empty => Problem::Required,
        PasswordError::TooShort { min_chars } => Problem::TooShort(min_chars),
        PasswordError::TooLong => Problem::TooLong,
        PasswordError::Guessable(weakness) => match weakness {
            Weakness::Common => Problem::WeakCommon,
            Weakness::Keyboard => Problem::WeakKeyboard,
            Weakness::Repeats => Problem::WeakRepeats,
            Weakness::Sequence => Problem::WeakSequence,
            Weakness::Date => Problem::WeakDate,
            Weakness::Words => Problem::WeakWords,
            Weakness::Predictable => Problem::WeakPredictable,
        },
    }
}
