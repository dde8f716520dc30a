//! Answers to requests that reach no handler.

use axum::{body::Body, response::Response};
use http::{Method, StatusCode, Uri};

use crate::{ErrorStyle, Problem, RequestId, meters::Meters, render::write};

/// What a mount says by itself: preflights, unknown paths, wrong methods, overlong URIs.
pub(crate) struct Unrouted {
    pub(crate) errors: ErrorStyle,
    pub(crate) meters: Meters,
}

impl Unrouted {
    pub(crate) fn unknown_path(&self, method: &Method, uri: &Uri, id: &RequestId) -> Response {
        self.refuse(&Problem::not_found("Not found").asked_for(method, uri), id)
    }

    /// The router adds `Allow`, which is all that an `OPTIONS` request asks for.
    pub(crate) fn wrong_method(&self, method: &Method, uri: &Uri, id: &RequestId) -> Response {
        if method == Method::OPTIONS {
            return self.no_content();
        }
        let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed");
        self.refuse(&problem.asked_for(method, uri), id)
    }

    pub(crate) fn uri_too_long(&self, id: &RequestId) -> Response {
        self.refuse(&Problem::new(StatusCode::URI_TOO_LONG, "Request URI too long"), id)
    }

    /// The host is none of ours (spec/appview.md §3.1).
    pub(crate) fn unknown_host(&self, id: &RequestId) -> Response {
        self.refuse(&Problem::new(StatusCode::MISDIRECTED_REQUEST, "Unknown host"), id)
    }

    pub(crate) fn no_content(&self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        self.meters.count(response.status());
        response
    }

    fn refuse(&self, problem: &Problem, id: &RequestId) -> Response {
        let response = write(problem, self.errors, id);
        self.meters.count(response.status());
        response
    }
}
