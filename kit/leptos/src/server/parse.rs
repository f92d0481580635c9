//! What a person typed, as the core takes it; and what the core refuses, as fields at fault. The
//! forms and the REST API share it, so that one input has one answer.

use monban_auth::{
    Email, EmailError, Name, NameError, Password, PasswordError, PasswordPolicy, Persistence,
    SignIn, SignInError, SignUp, SignUpError, Weakness,
};

use super::internal_error;
use crate::error::{AppError, Fault, Field, Problem};

/// Somebody who wants an account. Every field at fault is named at once; whether the password is easy to
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
        Name::parse(name).map_err(|error| fault(Field::Name, name_problem(error))),
        Email::parse(email).map_err(|error| fault(Field::Email, email_problem(error))),
        password.map_err(|error| fault(Field::Password, password_problem(error))),
    );
    match (name, email, password) {
        (Ok(name), Ok(email), Ok(password)) => Ok(SignUp {
            name,
            email,
            password,
        }),
        (name, email, password) => {
            let faults = [name.err(), email.err(), password.err()];
            Err(AppError::Invalid {
                faults: faults.into_iter().flatten().collect(),
            })
        }
    }
}

/// Somebody who says who they are. What is no address is no fault here: it is nobody's.
pub fn parse_sign_in(
    email: &str,
    password: &str,
    persistence: Persistence,
) -> Result<SignIn, AppError> {
    let required = |field| fault(field, Problem::Required);
    let email = Email::parse(email);
    let mut faults = Vec::new();
    faults.extend((email == Err(EmailError::Empty)).then(|| required(Field::Email)));
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
    Ok(SignIn {
        email: email.ok(),
        password,
        persistence,
    })
}

/// What to call somebody.
pub fn parse_name(name: &str) -> Result<Name, AppError> {
    Name::parse(name).map_err(|error| AppError::field(Field::Name, name_problem(error)))
}

/// Why there is no account.
pub fn map_sign_up_error(error: SignUpError) -> AppError {
    match error {
        SignUpError::EmailTaken => AppError::field(Field::Email, Problem::Taken),
        SignUpError::Closed => AppError::SignUpClosed,
        SignUpError::TooMany { retry_after } => AppError::TooManySignUps {
            retry_after: retry_after.as_secs().saturating_add(1),
        },
        SignUpError::Password(error) => AppError::field(Field::Password, password_problem(error)),
        SignUpError::Auth(error) => internal_error(&error),
    }
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

/// What is wrong with a name, be it a person's or a device's.
pub const fn name_problem(error: NameError) -> Problem {
    match error {
        NameError::Empty => Problem::Required,
        NameError::TooLong => Problem::TooLong,
        NameError::Forbidden => Problem::Forbidden,
    }
}

const fn fault(field: Field, problem: Problem) -> Fault {
    Fault { field, problem }
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
