//! `/keys`.

use axum::{Json as Answer, extract::State};
use monban_leptos::view::ADMIN;

use super::{
    ROOT,
    input::Bearer,
    problem::Problem,
    responses::{Always, RoleAtFault, TokenAtFault},
    view::SigningKeyView,
};
use crate::state::AppState;

/// List the signing keys, in the order in which they sign. For administrators.
#[utoipa::path(
    get, context_path = ROOT, path = "/keys", tag = "keys", security(("bearer" = [])),
    responses((status = 200, description = "The keys", body = [SigningKeyView]), TokenAtFault, RoleAtFault, Always),
)]
pub async fn list_keys(
    State(state): State<AppState>,
    bearer: Bearer,
) -> Result<Answer<Vec<SigningKeyView>>, Problem> {
    bearer.require_role(ADMIN)?;
    let keys = state.auth.keys().list();
    Ok(Answer(keys.iter().map(SigningKeyView::from).collect()))
}
