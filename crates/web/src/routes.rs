//! Where the app is, and how its answers may be kept.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, StatusCode};
use server::{Access, App, Hosts, Mount, Problem, Route, standard_errors};

use crate::file::File;
use crate::page::{Page, nonce};
use crate::policy;

/// For what never changes: a year, which is as good as for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

#[derive(Clone)]
struct Web {
    page: Page,
    /// Where the app begins.
    home: String,
    /// Its page about the interface of the server.
    reference: String,
}

/// The app below `/dashboard`, and `/docs`, which leads there. `base_path` is in front of all paths.
#[must_use]
pub fn app(base_path: &str) -> App {
    let home = format!("{base_path}/dashboard/");
    let web = Web { page: Page::new(base_path), reference: format!("{home}api"), home };
    let routes = [
        Route::get("/dashboard", Access::Public, "Lead to the web app", lead),
        Route::get("/dashboard/", Access::Public, "Start the web app", show),
        Route::get("/dashboard/{*path}", Access::Public, "Start the web app at one of its pages", show),
        Route::get("/dashboard/assets/{*file}", Access::Public, "A file of the web app", file),
    ];
    let docs =
        Route::get("/docs", Access::Public, "Lead to the pages about this interface", lead_to_reference);
    // Files are no documents about one of our sites, so they are served under whatever name the server is reached.
    let mount = |prefix, routes: Vec<Route<Web>>| {
        let mount = Mount::new(prefix, standard_errors);
        Mount { hosts: Hosts::Any, compression: false, ..mount }.routes(&web, routes)
    };
    App { mounts: vec![mount("/dashboard", routes.into()), mount("/docs", vec![docs])], ..App::new("web") }
}

async fn lead(State(web): State<Web>) -> Redirect {
    Redirect::to(&web.home)
}

async fn lead_to_reference(State(web): State<Web>) -> Redirect {
    Redirect::to(&web.reference)
}

/// Which of its pages is wanted, the app finds out by itself. Who has the page goes on with what it was told with it: an answer
/// that nothing has changed brings no other policy.
async fn show(State(web): State<Web>, headers: HeaderMap) -> Response {
    let standing = [(CACHE_CONTROL, "no-cache"), (ETAG, &web.page.tag)];
    if is_known(&headers, &web.page.tag) {
        return (StatusCode::NOT_MODIFIED, standing).into_response();
    }
    let nonce = nonce();
    let content_type = [(CONTENT_TYPE, "text/html; charset=utf-8")];
    let policy = [policy::of_the_page(&nonce)];
    (standing, content_type, policy, policy::ALWAYS, web.page.with(&nonce)).into_response()
}

async fn file(path: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Result<Response, Problem> {
    let nothing = || Problem::not_found("Not found");
    let Path(path) = path.map_err(|_| nothing())?;
    let file = File::named(&format!("assets/{path}")).ok_or_else(nothing)?;
    let (bytes, coding) = file.for_client(&headers);
    let standing =
        [(CACHE_CONTROL, FOR_EVER), (CONTENT_TYPE, file.content_type()), (VARY, "accept-encoding")];
    let mut response = (standing, [policy::of_files()], policy::ALWAYS, bytes).into_response();
    if let Some(coding) = coding {
        response.headers_mut().insert(CONTENT_ENCODING, http::HeaderValue::from_static(coding));
    }
    Ok(response)
}

/// Whether the client has this version (RFC 9110 §13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = lists.flat_map(|list| list.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}
