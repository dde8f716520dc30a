//! The page where people sign in and see that they are (spec/appview.md §3.9): complete in itself, so it works whatever else there is.

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use data_encoding::BASE64;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use server::{Access, Hosts, Mount, Route, standard_errors};

/// The page, complete with its style and its script: nothing is fetched for it, and nothing else may run in it.
const PAGE: &str = include_str!("page.html");

/// What the handlers work with.
#[derive(Clone)]
struct Pages {
    policy: String,
    /// Where the root leads.
    home: String,
}

/// The root, which leads to the web app, and the page at `/login`: mounts of their own, because a server may have something else at its root.
/// `base_path` is in front of all paths.
pub(super) fn mounts(base_path: &str) -> [Mount; 2] {
    let pages = Pages { policy: policy(), home: format!("{base_path}/dashboard/") };
    // Files are no documents about one of our sites, so they are served under whatever name the server is reached.
    let mount = |prefix, routes: Vec<Route<Pages>>| {
        Mount { hosts: Hosts::Any, ..Mount::new(prefix, standard_errors) }.routes(&pages, routes)
    };
    let root = Route::get("/", Access::Public, "Lead to the dashboard", lead);
    let login = Route::get("/login", Access::Public, "Show the page to sign in", show);
    [mount("/", vec![root]), mount("/login", vec![login])]
}

async fn lead(State(pages): State<Pages>) -> Redirect {
    Redirect::to(&pages.home)
}

async fn show(State(pages): State<Pages>) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, pages.policy.as_str()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, Html(PAGE)).into_response()
}

/// The page runs its own script, talks to this server, has its icon in itself, and is shown inside no other page.
fn policy() -> String {
    format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash("script"),
        hash("style")
    )
}

/// The hash of what stands in an element (Content Security Policy Level 3, §2.3.1).
fn hash(element: &str) -> String {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let content = PAGE
        .split_once(&open)
        .and_then(|(_, rest)| rest.split_once(&close))
        .map_or("", |(content, _)| content);
    format!("sha256-{}", BASE64.encode(digest(&SHA256, content.as_bytes()).as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_admits_what_is_on_the_page() {
        for element in ["script", "style"] {
            assert_eq!(PAGE.matches(&format!("<{element}")).count(), 1, "one {element} without attributes");
            assert_ne!(hash(element), hash("nothing"));
        }
        // Attributes with code or style in them would be refused.
        for inline in [" style=", " onclick=", " onsubmit=", " src="] {
            assert!(!PAGE.contains(inline), "{inline}");
        }
    }
}
