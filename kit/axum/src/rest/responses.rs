//! Which problems an operation may answer with, for its part of the document.
//!
//! Each set is about one part of a request; an operation names the sets of the parts that it has.
//! No two sets that one operation needs share a status.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use utoipa::{
    IntoResponses,
    openapi::{
        Content, Header, Ref, RefOr, Response, ResponseBuilder, Schema, schema::ObjectBuilder,
        schema::Type,
    },
};

use super::code::Code;

/// Whatever was asked for.
pub struct Always;
/// The body is none, or its fields are not acceptable.
pub struct BodyAtFault;
/// A parameter in the path or the query is not acceptable.
pub struct ParameterAtFault;
/// The access token is missing or not good.
pub struct TokenAtFault;
/// The account lacks the role.
pub struct RoleAtFault;
/// The refresh token is not good.
pub struct RefreshTokenAtFault;
/// Sign-up is closed, or was tried too often.
pub struct SignUpRefused;
/// Address and password do not match.
pub struct CredentialsAtFault;

type Responses = BTreeMap<String, RefOr<Response>>;

macro_rules! problem_set {
    ($($set:ident: $($code:ident),+;)+) => {$(
        impl IntoResponses for $set {
            fn responses() -> Responses {
                problems(&[$(Code::$code),+])
            }
        }
    )+};
}

problem_set! {
    Always: TooLarge, Internal, Busy;
    BodyAtFault: Invalid, BadRequest, UnsupportedMediaType;
    ParameterAtFault: Invalid;
    TokenAtFault: SessionRequired, SessionExpired, SessionEnded;
    RoleAtFault: Forbidden;
    RefreshTokenAtFault: SessionRequired, SessionEnded;
    SignUpRefused: SignUpClosed, TooManySignUps;
    CredentialsAtFault: InvalidCredentials, TooManyFailures;
}

fn problems(codes: &[Code]) -> Responses {
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for &code in codes {
        by_status
            .entry(code.status().as_u16())
            .or_default()
            .push(code);
    }
    by_status
        .into_iter()
        .map(|(status, codes)| (status.to_string(), problem(status, &codes).into()))
        .collect()
}

fn problem(status: u16, codes: &[Code]) -> Response {
    let meanings: Vec<_> = codes
        .iter()
        .map(|code| format!("`{}`: {}", code.name(), code.title()))
        .collect();
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    let response = ResponseBuilder::new()
        .description(meanings.join(". "))
        .content("application/problem+json", Content::new(Some(schema)));
    if status == StatusCode::UNAUTHORIZED.as_u16() {
        response.header("WWW-Authenticate", header_of(Type::String))
    } else if [429, 503].contains(&status) {
        response.header("Retry-After", header_of(Type::Integer))
    } else {
        response
    }
    .build()
}

fn header_of(kind: Type) -> Header {
    Header::new(Schema::from(ObjectBuilder::new().schema_type(kind).build()))
}
