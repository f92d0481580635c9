//! `/sessions` and `/session`.

use axum::{
    Json as Answer,
    extract::{Path, Query, State, rejection::PathRejection, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use monban_auth::{AuthError, Channel, Client, Name, Persistence, RefreshToken, SessionId};
use monban_leptos::{
    error::FieldErrorKind,
    server::{internal_error, map_refresh_error, name_error},
    sign_in::{map_sign_in_error, parse_sign_in},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    ROOT,
    input::{Bearer, Json, Peer},
    problem::{FieldError, Problem},
    responses::{
        Always, BodyAtFault, CredentialsAtFault, ParameterAtFault, RefreshTokenAtFault,
        TokenAtFault,
    },
    view::{SessionView, TokensView, WhoAmIView},
};
use crate::state::AppState;

/// The credentials of a sign-in.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewSession {
    /// The account's email address.
    #[schema(required = true, min_length = 1, example = "ann@example.com")]
    email: String,
    /// Its password.
    #[schema(
        required = true,
        min_length = 1,
        max_length = 1024,
        example = "kettle orbit plum sandal"
    )]
    password: String,
    /// This client's name in the session list; the `User-Agent` if it is not given.
    #[schema(min_length = 1, max_length = 100, example = "Ann's phone")]
    device_name: Option<String>,
}

/// A refresh token to exchange for the next pair.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Refresh {
    /// The newest one that the client has received.
    #[schema(required = true, min_length = 1)]
    refresh_token: String,
}

/// Which of the sessions to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Listed {
    /// The session after which the page begins, as given in the `next` link.
    #[param(format = "uuid")]
    after: Option<String>,
    /// How many sessions a page has: at most 100, which is also the default.
    #[param(value_type = Option<u32>, minimum = 2, maximum = 100)]
    limit: Option<String>,
}

impl Listed {
    const MOST: u32 = 100;

    fn after(&self) -> Result<Option<SessionId>, Problem> {
        let after = self.after.as_deref().map(str::parse).transpose();
        after.map_err(|_| malformed("after"))
    }

    fn limit(&self) -> Result<u32, Problem> {
        let limit = self.limit.as_deref().map_or(Ok(Self::MOST), str::parse);
        let limit = limit.ok().filter(|limit| (2..=Self::MOST).contains(limit));
        limit.ok_or_else(|| malformed("limit"))
    }
}

fn malformed(field: &str) -> Problem {
    Problem::fields(vec![FieldError::new(field, FieldErrorKind::Malformed)])
}

/// Which sessions to spare.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Spared {
    /// The session to keep: always the caller's own.
    #[param(inline)]
    except: Except,
}

/// The one session that can be kept.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Except {
    /// The one that the access token belongs to.
    Current,
}

/// Sign in. The response body holds the tokens, this once.
#[utoipa::path(
    post, context_path = ROOT, path = "/sessions", tag = "sessions", request_body = NewSession,
    responses(
        (status = 201, description = "The tokens of a new session", body = TokensView),
        BodyAtFault, CredentialsAtFault, Always,
    ),
)]
pub async fn sign_in(
    State(state): State<AppState>,
    Peer(client): Peer,
    Json(body): Json<NewSession>,
) -> Result<(StatusCode, Answer<TokensView>), Problem> {
    let sign_in = parse_sign_in(&body.email, &body.password, Persistence::Bearer);
    let client = called(client, body.device_name.as_deref());
    let (sign_in, client) = match (sign_in.map_err(Problem::from), client) {
        (Ok(sign_in), Ok(client)) => (sign_in, client),
        (sign_in, client) => {
            let problems = [sign_in.err(), client.err()].into_iter().flatten();
            let errors = problems.flat_map(|problem| problem.errors).collect();
            return Err(Problem::fields(errors));
        }
    };
    let pair = state
        .auth
        .sign_in(sign_in, &client)
        .await
        .map_err(map_sign_in_error)?;
    Ok((StatusCode::CREATED, Answer((&pair).into())))
}

/// Refresh the session. Use both new tokens from then on; if the response was lost, send the old
/// refresh token again.
#[utoipa::path(
    post, context_path = ROOT, path = "/sessions/refresh", tag = "sessions", request_body = Refresh,
    responses(
        (status = 200, description = "The session's next tokens", body = TokensView),
        BodyAtFault, RefreshTokenAtFault, Always,
    ),
)]
pub async fn refresh(
    State(state): State<AppState>,
    Peer(client): Peer,
    Json(body): Json<Refresh>,
) -> Result<Answer<TokensView>, Problem> {
    if body.refresh_token.is_empty() {
        let missing = FieldError::new("refresh_token", FieldErrorKind::Required);
        return Err(Problem::fields(vec![missing]));
    }
    let token = RefreshToken::new(body.refresh_token);
    let renewed = state.auth.refresh(&token, Channel::Bearer, &client).await;
    let pair = renewed.map_err(|error| Problem::from(map_refresh_error(error)).of_token())?;
    Ok(Answer((&pair).into()))
}

/// Who am I? Answered from the token alone, without the database.
#[utoipa::path(
    get, context_path = ROOT, path = "/session", tag = "sessions", security(("bearer" = [])),
    responses((status = 200, description = "The caller", body = WhoAmIView), TokenAtFault, Always),
)]
pub async fn who_am_i(Bearer(claims): Bearer) -> Answer<WhoAmIView> {
    Answer((&*claims).into())
}

/// List the account's sessions, in browsers and apps alike: the caller's own first, then the newest.
/// If there are more than fit on a page, a Link header (RFC 8288) leads to the next one.
#[utoipa::path(
    get, context_path = ROOT, path = "/sessions", tag = "sessions", security(("bearer" = [])),
    params(Listed),
    responses(
        (
            status = 200, description = "The sessions", body = [SessionView],
            headers(("link" = String, description = "The next page, if there is one")),
        ),
        ParameterAtFault, TokenAtFault, Always,
    ),
)]
pub async fn list_sessions(
    State(state): State<AppState>,
    Bearer(claims): Bearer,
    listed: Result<Query<Listed>, QueryRejection>,
) -> Result<(HeaderMap, Answer<Vec<SessionView>>), Problem> {
    let Query(listed) = listed.map_err(|_| malformed("after"))?;
    let (after, limit) = (listed.after()?, listed.limit()?);
    let page = state.auth.sessions().list(&claims, after, limit).await;
    let page = page.map_err(|error| internal_error(&error))?;
    let mut headers = HeaderMap::new();
    if let Some(next) = page.next {
        let next = format!("<{ROOT}/sessions?after={next}&limit={limit}>; rel=\"next\"");
        headers.extend(HeaderValue::try_from(next).map(|next| (header::LINK, next)));
    }
    let views = page.sessions.iter().map(|s| SessionView::of(s, claims.sid));
    Ok((headers, Answer(views.collect())))
}

/// Sign out: end the access token's session.
#[utoipa::path(
    delete, context_path = ROOT, path = "/sessions/current", tag = "sessions", security(("bearer" = [])),
    responses((status = 204, description = "It has ended"), TokenAtFault, Always),
)]
pub async fn sign_out(
    State(state): State<AppState>,
    Bearer(claims): Bearer,
) -> Result<StatusCode, Problem> {
    done(state.auth.sessions().end(&claims, claims.sid).await)
}

/// End one of the account's sessions. An id that does not exist or is not the account's ends
/// nothing.
#[utoipa::path(
    delete, context_path = ROOT, path = "/sessions/{id}", tag = "sessions", security(("bearer" = [])),
    params(("id" = String, Path, format = "uuid", description = "The session's id")),
    responses((status = 204, description = "It has ended"), ParameterAtFault, TokenAtFault, Always),
)]
pub async fn end_session(
    State(state): State<AppState>,
    Bearer(claims): Bearer,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Problem> {
    let id = id.ok().and_then(|Path(id)| id.parse::<SessionId>().ok());
    let id = id.ok_or_else(|| malformed("id"))?;
    done(state.auth.sessions().end(&claims, id).await)
}

/// End all of the account's sessions except the caller's own.
#[utoipa::path(
    delete, context_path = ROOT, path = "/sessions", tag = "sessions", security(("bearer" = [])),
    params(Spared),
    responses((status = 204, description = "They have ended"), ParameterAtFault, TokenAtFault, Always),
)]
pub async fn end_other_sessions(
    State(state): State<AppState>,
    Bearer(claims): Bearer,
    spared: Result<Query<Spared>, QueryRejection>,
) -> Result<StatusCode, Problem> {
    let Query(Spared {
        except: Except::Current,
    }) = spared.map_err(|_| malformed("except"))?;
    done(state.auth.sessions().end_others(&claims).await)
}

/// The client by the name that it gives its device, which follows the rules of a person's.
fn called(client: Client, device_name: Option<&str>) -> Result<Client, Problem> {
    match device_name.map(Name::parse) {
        None => Ok(client),
        Some(Ok(name)) => Ok(Client::new(client.ip, name.as_str())),
        Some(Err(error)) => {
            let error = FieldError::new("device_name", name_error(error));
            Err(Problem::fields(vec![error]))
        }
    }
}

fn done(result: Result<(), AuthError>) -> Result<StatusCode, Problem> {
    result.map_err(|error| internal_error(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
