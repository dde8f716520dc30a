//! `PUT /admin/api-clients/{id}`.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use server::{Caller, Json, Path, Problem};
use utoipa::ToSchema;

use crate::clients::{Change, ClientChange, Clients};

/// What is to be different; `client_id_url` and `client_type` never are, and so are refused rather than ignored.
#[derive(Deserialize, ToSchema)]
#[schema(as = ApiClientChange)]
#[serde(deny_unknown_fields)]
pub(crate) struct Update {
    name: Option<String>,
    client_uri: Option<String>,
    redirect_uris: Option<Vec<String>>,
    scopes: Option<String>,
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<Vec<String>>)]
    allowed_origins: Change<Vec<String>>,
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<i64>)]
    rate_limit_capacity: Change<i64>,
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<f64>)]
    rate_limit_refill_rate: Change<f64>,
    is_active: Option<bool>,
}

pub(crate) async fn update(
    State(clients): State<Clients>,
    caller: Caller,
    Path(id): Path<String>,
    Json(update): Json<Update>,
) -> Result<StatusCode, Problem> {
    clients.update(caller.principal.did(), &id, update.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A member that is there with `null` empties its field; one that is absent leaves it.
fn change<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Change<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map_or(Change::Clear, Change::Set))
}

impl From<Update> for ClientChange {
    fn from(update: Update) -> Self {
        Self {
            name: update.name,
            client_uri: update.client_uri,
            redirect_uris: update.redirect_uris,
            scopes: update.scopes,
            allowed_origins: update.allowed_origins,
            rate_limit_capacity: update.rate_limit_capacity,
            rate_limit_refill_rate: update.rate_limit_refill_rate,
            is_active: update.is_active,
        }
    }
}
