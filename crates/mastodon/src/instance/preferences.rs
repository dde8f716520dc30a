//! `GET /api/v1/preferences`: what a client begins with.

use axum::extract::State;
use serde_json::{Value, json};
use server::{Json, Problem};

use crate::accounts::Defaults;
use crate::caller::Me;
use crate::services::Services;

pub(super) async fn show(State(services): State<Services>, Me(me): Me) -> Result<Json<Value>, Problem> {
    let defaults = Defaults::of(services.state(), me).await?;
    Ok(Json(json!({
        "posting:default:visibility": defaults.privacy,
        "posting:default:sensitive": defaults.sensitive,
        "posting:default:language": defaults.language,
        "reading:expand:media": "default",
        "reading:expand:spoilers": false,
        "reading:autoplay:gifs": false,
    })))
}
