//! The parameters of path and query, refused in the protocol's words.

use axum::extract::{FromRequestParts, Path, Query};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use server::Problem;

/// Longer parameters of a path name nothing (spec/sync.md §0).
const MAX_PARAMETER_CHARACTERS: usize = 100;

/// The parameter of a path, or several as an array, percent-decoded.
pub(crate) struct Params<const N: usize>(pub(crate) [String; N]);

impl<const N: usize, S: Send + Sync> FromRequestParts<S> for Params<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(values) = Path::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::bad_request(rejection.body_text()).named("Error"))?;
        let values: Vec<String> = values.into_iter().map(|(_, value)| value).collect();
        if values.iter().any(|value| value.chars().count() > MAX_PARAMETER_CHARACTERS) {
            return Err(Problem::new(StatusCode::URI_TOO_LONG, "Parameter too long"));
        }
        if values.iter().any(|value| value.contains('\0')) {
            return Err(Problem::bad_request("params/ contains U+0000").named("Error"));
        }
        values.try_into().map(Self).map_err(|_| Problem::bad_request("params/ are missing").named("Error"))
    }
}

/// What follows in a path, percent-decoded: of any length, unlike a parameter.
pub(crate) struct Rest(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Rest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let rest = Path::<String>::from_request_parts(parts, state).await;
        let Path(rest) =
            rest.map_err(|rejection| Problem::bad_request(rejection.body_text()).named("Error"))?;
        if rest.contains('\0') {
            return Err(Problem::bad_request("params/ contains U+0000").named("Error"));
        }
        Ok(Self(rest))
    }
}

/// The query string.
pub(crate) struct Search<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Search<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let invalid = |reason: String| Problem::bad_request(format!("querystring/ {reason}")).named("Error");
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|rejection| invalid(rejection.body_text()))
    }
}
