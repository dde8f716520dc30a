//! The shell: apps in, a server out.

use std::sync::Arc;

use axum::body::Bytes;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    App, Authenticator, Check, Error, RouteInfo, ShellConfig, Sites, assemble::Assembly, base_path::BasePath,
    connections, front::Front, health, meters::Meters, openapi, standard_errors, table, tasks::Tasks,
    unrouted::Unrouted,
};

/// What the shell is called as the app that answers, for what it answers itself.
pub(crate) const SHELL: &str = "shell";

/// Apps mounted under one server, ready to be served.
pub struct Shell {
    config: ShellConfig,
    front: Arc<Front>,
    routes: Vec<RouteInfo>,
    document: Bytes,
    tasks: Tasks,
}

impl Shell {
    /// Mounts `apps` beside the shell's own `/health` and `/ready`, the latter answering for `checks`, and
    /// `/admin/openapi.json`, also as `/openapi.json`. Fails if two mounts claim a prefix or a route is malformed,
    /// unreachable or declared twice.
    ///
    /// `authenticator` says who calls and `sites` which pages and host names are the server's own.
    ///
    /// Install the metrics recorder first: the counters of the routes are registered here.
    pub fn new(
        config: ShellConfig,
        authenticator: Arc<dyn Authenticator>,
        sites: Arc<dyn Sites>,
        checks: Vec<Check>,
        mut apps: Vec<App>,
    ) -> Result<Self, Error> {
        let document = Bytes::from(openapi::document(config.version, &config.base_path, &apps)?);
        let mut shell = health::app(config.version, checks);
        shell.mounts.extend(openapi::mounts(&document));
        apps.insert(0, shell);
        let base_path = BasePath::parse(&config.base_path)?;
        let (mounts, routes) = Assembly { config: &config, authenticator, sites }.assemble(&mut apps)?;
        let elsewhere = Unrouted { errors: standard_errors, meters: Meters::new(SHELL, "*", "elsewhere") };
        let tasks = apps.into_iter().flat_map(|app| app.tasks.into_iter().map(move |task| (app.name, task)));
        Ok(Self {
            front: Arc::new(Front {
                mounts,
                base_path,
                elsewhere,
                trusted_proxies: config.trusted_proxies.clone(),
            }),
            routes,
            document,
            tasks: Tasks::new(tasks.collect()),
            config,
        })
    }

    /// Every route of every app, in the order they were declared.
    #[must_use]
    pub fn routes(&self) -> &[RouteInfo] {
        &self.routes
    }

    /// The routes as Markdown: the text of `docs/routes.md`.
    #[must_use]
    pub fn routes_markdown(&self) -> String {
        table::markdown(&self.routes)
    }

    /// The OpenAPI document of the routes that say what they answer: the text of `docs/openapi.json`.
    #[must_use]
    pub fn openapi(&self) -> &[u8] {
        &self.document
    }

    /// Serves and runs the apps' tasks until `shutdown` is cancelled, then lets requests and tasks finish for at most
    /// [`ShellConfig::drain_time_limit`]. Fails if a task panics, after the same orderly end.
    pub async fn serve(self, listener: TcpListener, shutdown: CancellationToken) -> Result<(), Error> {
        let stop = shutdown.child_token();
        let front = self.front;
        let respond = move |request| {
            let front = front.clone();
            async move { front.respond(request).await }
        };
        let served = connections::serve(listener, &self.config, &stop, respond);
        let worked = self.tasks.run(&stop, self.config.drain_time_limit);
        let ((), outcome) = tokio::join!(served, worked);
        outcome
    }
}
