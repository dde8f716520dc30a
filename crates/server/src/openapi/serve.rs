//! `GET /admin/openapi.json`: the document, to anybody, since it says nothing about this server's data. `/openapi.json` is where
//! programs look that know nothing of this server.

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};

use crate::{Access, Cors, Hosts, Mount, Route, standard_errors};

const PATH: &str = "/admin/openapi.json";

const WELL_KNOWN: &str = "/openapi.json";

/// Serves `document`, on mounts of its own, one of them below somebody else's.
pub(crate) fn mounts(document: &Bytes) -> [Mount; 2] {
    let own = Route::get(PATH, Access::Public, "Describe this interface", show)
        .operation_id("getOpenapi")
        .gives_opaque(StatusCode::OK, "application/json");
    let well_known = Route::get(WELL_KNOWN, Access::Public, "Describe this interface", show);
    [(PATH, own), (WELL_KNOWN, well_known)].map(|(prefix, route)| {
        let cors = Some(Cors::xrpc());
        Mount { hosts: Hosts::Any, cors, ..Mount::new(prefix, standard_errors) }.routes(document, [route])
    })
}

async fn show(State(document): State<Bytes>) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], document).into_response()
}
