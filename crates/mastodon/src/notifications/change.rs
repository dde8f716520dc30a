//! Removing notifications.

use axum::extract::State;
use serde_json::{Value, json};
use server::{Json, Path, Problem};
use store::v;

use crate::caller::Me;
use crate::refusal::Refusal;
use crate::services::Services;

pub(super) async fn clear(State(services): State<Services>, Me(me): Me) -> Result<Json<Value>, Problem> {
    let sql = "DELETE FROM social_notifications WHERE user_id = $1";
    services.state().write(move |conn| conn.execute(sql, &[v(me)])).await.map_err(Refusal::from)?;
    Ok(Json(json!({})))
}

pub(super) async fn dismiss(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let sql = "DELETE FROM social_notifications WHERE user_id = $1 AND id = $2";
    let removed = services.state().write(move |conn| conn.execute(sql, &[v(me), v(id)])).await;
    if removed.map_err(Refusal::from)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    Ok(Json(json!({})))
}
