//! `/v1/auth`.

use axum::extract::State;
use serde::Serialize;
use server::{Access, Json, Problem, Route};

use super::{challenge, login, pair};
use crate::limits::MAX_BODY;
use crate::services::Services;

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (anybody, known) = (Access::Public, Access::Authenticated);
    vec![
        Route::post("/v1/auth", anybody, "A token for whoever has the account's key", login::log_in),
        Route::post("/v1/auth/challenge", anybody, "A challenge that is good for one login", challenge),
        Route::post("/v1/auth/request", anybody, "A terminal asks to be let in", pair::terminal),
        Route::get("/v1/auth/request/status", anybody, "Whether a terminal waits", pair::status),
        Route::post("/v1/auth/response", known, "Lets a terminal in", pair::answer_terminal)
            .body_limit(MAX_BODY),
        Route::post("/v1/auth/account/request", anybody, "A device asks to be let in", pair::device),
        Route::post("/v1/auth/account/response", known, "Lets a device in", pair::answer_device)
            .body_limit(MAX_BODY),
    ]
}

#[derive(Serialize)]
struct Issued {
    challenge: String,
}

async fn challenge(State(services): State<Services>) -> Result<Json<Issued>, Problem> {
    let challenge = challenge::issue(&services.cache).await.map_err(Problem::internal)?;
    Ok(Json(Issued { challenge }))
}
