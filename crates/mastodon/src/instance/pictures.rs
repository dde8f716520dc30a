//! The pictures of those who have none: clients want an address in any case.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use server::{Path, Problem};

const AVATAR: &[u8] = include_bytes!("avatar.png");
const HEADER: &[u8] = include_bytes!("header.png");

pub(super) async fn show(Path(name): Path<String>) -> Result<Response, Problem> {
    let bytes = match &*name {
        "avatar.png" => AVATAR,
        "header.png" => HEADER,
        _ => return Err(Problem::not_found("Record not found")),
    };
    let headers = [
        (CONTENT_TYPE, "image/png"),
        (CACHE_CONTROL, "public, max-age=86400"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes).into_response())
}
