//! One method on one path.

use std::time::Duration;

use axum::{
    handler::Handler,
    routing::{MethodFilter, MethodRouter, on},
};
use http::Method;

use crate::{Access, openapi::Contract};

/// A handler with everything the shell has to know about it. `S` is the state the handler extracts; a mount fills it in.
#[derive(Debug)]
pub struct Route<S = ()> {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    pub(crate) summary: &'static str,
    pub(crate) handler: MethodRouter<S>,
    pub(crate) body_limit: Option<usize>,
    pub(crate) time_limit: Option<Duration>,
    pub(crate) contract: Contract,
}

impl<S: Clone + Send + Sync + 'static> Route<S> {
    /// `GET`, and with it `HEAD`. The path is absolute and in axum's syntax, e.g. `/admin/lexicons/{id}`.
    pub fn get<H, T>(path: &'static str, access: impl Into<Access>, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self::new(Method::GET, path, access.into(), summary, on(MethodFilter::GET, handler))
    }

    /// `POST`.
    pub fn post<H, T>(
        path: &'static str,
        access: impl Into<Access>,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self::new(Method::POST, path, access.into(), summary, on(MethodFilter::POST, handler))
    }

    /// `PUT`.
    pub fn put<H, T>(path: &'static str, access: impl Into<Access>, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self::new(Method::PUT, path, access.into(), summary, on(MethodFilter::PUT, handler))
    }

    /// `PATCH`.
    pub fn patch<H, T>(
        path: &'static str,
        access: impl Into<Access>,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self::new(Method::PATCH, path, access.into(), summary, on(MethodFilter::PATCH, handler))
    }

    /// `DELETE`.
    pub fn delete<H, T>(
        path: &'static str,
        access: impl Into<Access>,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self::new(Method::DELETE, path, access.into(), summary, on(MethodFilter::DELETE, handler))
    }

    fn new(
        method: Method,
        path: &'static str,
        access: Access,
        summary: &'static str,
        handler: MethodRouter<S>,
    ) -> Self {
        Self {
            method,
            path,
            access,
            summary,
            handler,
            body_limit: None,
            time_limit: None,
            contract: Contract::default(),
        }
    }

    /// The largest request body in bytes, instead of the mount's.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// How long the handler may take until the head of its response, and how long the body of the request may pause, instead of the
    /// shell's limit. A body that streams afterwards is not bounded by it.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }

    /// Fills in the state, so that routes of different states fit in one mount.
    #[must_use]
    pub fn with_state(self, state: S) -> Route {
        let Self { method, path, access, summary, handler, body_limit, time_limit, contract } = self;
        let handler = handler.with_state(state);
        Route { method, path, access, summary, handler, body_limit, time_limit, contract }
    }
}
