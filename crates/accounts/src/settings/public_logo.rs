//! `GET /settings/logo`: the logo for everybody (spec/appview.md §3.8).

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
};
use server::{Access, Cors, Mount, Problem, Route, standard_errors};

use super::Settings;

impl Settings {
    /// What the shell mounts besides the admin API.
    #[must_use]
    pub fn mount(&self) -> Mount {
        let logo = Route::get("/settings/logo", Access::Public, "Show the logo", show)
            .gives_opaque(StatusCode::OK, "image/*")
            .operation_id("getLogo");
        Mount { cors: Some(Cors::xrpc()), ..Mount::new("/settings/logo", standard_errors) }
            .routes(self, [logo])
    }
}

/// An image may be a document with scripts, which must not run as ours.
async fn show(State(settings): State<Settings>) -> Result<Response, Problem> {
    let logo = settings.logo().await?.ok_or_else(|| Problem::not_found("there is no logo"))?;
    let content_type = HeaderValue::try_from(logo.content_type).map_err(Problem::internal)?;
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, logo.bytes).into_response())
}
