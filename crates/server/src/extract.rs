//! Extractors whose failures are [`Problem`]s, so that they come out in the mount's style.

use axum::{
    extract::rejection::QueryRejection,
    extract::{FromRequest, FromRequestParts},
    response::{IntoResponse, Response},
};
use http::request::Parts;
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

/// The query string; 400 if it has the wrong shape, or U+0000 in it: nothing here is called that, and PostgreSQL cannot even be asked.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// The parameters of the path, percent-decoded; 400 if they have the wrong shape.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub struct Path<T>(pub T);

/// U+0000 in a URI, where it cannot stand as it is.
const NUL: &str = "%00";

impl<S: Send + Sync, T> FromRequestParts<S> for Query<T>
where
    axum::extract::Query<T>: FromRequestParts<S, Rejection = QueryRejection>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|query| query.contains(NUL)) {
            return Err(Problem::bad_request("the query has a character (U+0000) that no text has"));
        }
        let axum::extract::Query(query) = axum::extract::Query::from_request_parts(parts, state).await?;
        Ok(Self(query))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}
