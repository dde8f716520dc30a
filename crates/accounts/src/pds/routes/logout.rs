//! `POST /auth/logout`

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use server::Problem;

use crate::pds::SignIn;

pub(super) async fn end(State(sign_in): State<SignIn>, headers: HeaderMap) -> Result<Response, Problem> {
    let forget = sign_in.end(&headers).await?;
    Ok([(SET_COOKIE, forget)].into_response())
}
