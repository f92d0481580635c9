//! `/keys`.

use axum::{Json as Answer, extract::State};
use monban_app::view::ADMIN;

use super::{
    ROOT,
    input::Caller,
    problem::Problem,
    responses::{Always, RoleAtFault, TokenAtFault},
    view::SigningKeyView,
};
use crate::router::Gate;

/// List the signing keys, in the order in which they sign. For administrators.
#[utoipa::path(
    get, context_path = ROOT, path = "/keys", tag = "keys", security(("bearer" = [])),
    responses((status = 200, description = "The keys", body = [SigningKeyView]), TokenAtFault, RoleAtFault, Always),
)]
pub async fn list_keys(
    State(gate): State<Gate>,
    caller: Caller,
) -> Result<Answer<Vec<SigningKeyView>>, Problem> {
    caller.require_role(ADMIN)?;
    let keys = gate.auth.list_keys();
    Ok(Answer(keys.iter().map(SigningKeyView::from).collect()))
}
