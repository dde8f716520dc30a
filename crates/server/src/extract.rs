//! Extractors whose failures are [`Problem`]s, so that they come out in the mount's style.

use axum::{
    extract::{FromRequest, FromRequestParts},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::Problem;

/// A JSON body, in or out. In: 400 if it is not JSON, 413 if too large, 415 without a JSON content type, 422 if it has
/// the wrong shape.
///
/// Where a part may be any JSON at all, take a [`RawValue`](serde_json::value::RawValue) and give it to
/// `atproto::data::parse`, which bounds its depth.
#[derive(Clone, Copy, Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub struct Json<T>(pub T);

/// The query string; 400 if it has the wrong shape.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub struct Query<T>(pub T);

/// The parameters of the path, percent-decoded; 400 if they have the wrong shape.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub struct Path<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}
