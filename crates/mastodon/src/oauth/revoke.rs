//! `POST /oauth/revoke`: a token ends (RFC 7009).

use axum::extract::State;
use http::HeaderMap;
use serde_json::{Value, json};
use server::{Json, Problem};
use social::{Id, Told};

use super::exchange::{authenticate, credentials};
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;

/// A client ends its own tokens only. One that it does not have has ended.
pub(super) async fn revoke(
    State(services): State<Services>,
    headers: HeaderMap,
    form: Fields,
) -> Result<Json<Value>, Problem> {
    let token = form.required("token")?;
    let (id, secret) = credentials(&headers, &form)?;
    let client = services.state().read(move |conn| authenticate(conn, &id, &secret)).await?;
    if let Some(Id(user_id)) = services.tokens.end(token, client.id).await.map_err(Refusal::from)? {
        services.social.live().tell(&Told::Changed { user_id }).await;
    }
    Ok(Json(json!({})))
}
