//! `GET /admin/openapi.json`: the document, to anybody, since it says nothing about this server's data.

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};

use crate::{Access, Cors, Hosts, Mount, Route, standard_errors};

const PATH: &str = "/admin/openapi.json";

/// Serves `document`, on a mount of its own below somebody else's.
pub(crate) fn mount(document: &Bytes) -> Mount {
    let route = Route::get(PATH, Access::Public, "Describe this interface", show)
        .operation_id("getOpenapi")
        .gives_opaque(StatusCode::OK, "application/json");
    Mount { hosts: Hosts::Any, cors: Some(Cors::xrpc()), ..Mount::new(PATH, standard_errors) }
        .routes(document, [route])
}

async fn show(State(document): State<Bytes>) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], document).into_response()
}
