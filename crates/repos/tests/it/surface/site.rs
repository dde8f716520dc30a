//! A server with nothing but this crate, or beside another app.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use http::request::Parts;
use repos::{Elsewhere, Limits, Surface};
use server::{
    Access, App, AuthError, Authenticator, Caller, Credential, Hosts, Mount, Route, Shell, ShellConfig,
    Sites, standard_errors,
};
use store::Store;
use testkit::{Answer, HttpClient};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::rig::{Rig, schemas};

pub(super) struct Site {
    pub(super) rig: Rig,
    pub(super) client: HttpClient,
    pub(super) origin: String,
    pub(super) stop: CancellationToken,
}

/// Runs a test against a server of its own on each engine.
pub(super) async fn on_each_site<F, T>(test: F)
where
    F: Fn(Site) -> T + Copy,
    T: Future<Output = ()>,
{
    testkit::on_each_engine(&schemas(), |store| async move {
        test(Site::alone(store, Limits::default()).await).await;
    })
    .await;
}

impl Site {
    pub(super) async fn alone(store: Store, limits: Limits) -> Self {
        Self::start(store, limits, |surface| {
            (
                vec![],
                App {
                    mounts: surface.mounts().into_iter().chain([surface.documents()]).collect(),
                    ..App::new("repos")
                },
            )
        })
        .await
    }

    /// With an app that has `/xrpc`, somebody who answers for other repositories, and a hold.
    pub(super) async fn beside_another(store: Store) -> Self {
        Self::start(store, Limits::default(), |surface| {
            let surface = surface.with_others(Arc::new(Other)).with_blobs(Arc::new(Hold));
            let owned = Route::get("/xrpc/{nsid}", Access::Delegated, "", async || "owner");
            let mount =
                Mount { hosts: Hosts::Any, ..Mount::new("/xrpc", standard_errors) }.routes(&(), [owned]);
            let app = App { mounts: vec![mount], ..App::new("owner") };
            let mounts = surface.blob_mount().into_iter().collect();
            (vec![app], App { mounts, extensions: vec![surface.extension()], ..App::new("repos") })
        })
        .await
    }

    async fn start(store: Store, limits: Limits, apps: impl FnOnce(Surface) -> (Vec<App>, App)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let rig = Rig::at(&origin, store, limits).await;
        let (mut all, ours) = apps(Surface::new(&rig.repos));
        all.push(App { tasks: vec![rig.repos.task()], ..ours });
        let (nobody, sites) = (Arc::new(Nobody), Arc::new(Nobody));
        let shell = Shell::new(ShellConfig::default(), nobody, sites, Vec::new(), all).unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(shell.serve(listener, stop.clone()));
        Self { rig, client: HttpClient::new(&origin), origin, stop }
    }

    pub(super) async fn get(&self, method: &str, query: &[(&str, &str)]) -> Answer {
        self.client.get_with(&format!("/xrpc/{method}"), query).await
    }

    pub(super) async fn well_known(&self, name: &str, host: &str) -> Answer {
        self.client.with_header("host", host).get(&format!("/.well-known/{name}")).await
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Answers everything.
struct Other;

impl Elsewhere for Other {
    fn answer(&self, request: Request) -> Result<BoxFuture<'static, Response>, Box<Request>> {
        let text = format!("elsewhere {}", request.uri());
        Ok(Box::pin(async move { text.into_response() }))
    }
}

/// Answers for what has a `method`.
struct Hold;

impl Elsewhere for Hold {
    fn answer(&self, request: Request) -> Result<BoxFuture<'static, Response>, Box<Request>> {
        if !request.uri().query().is_some_and(|query| query.contains("method=")) {
            return Err(Box::new(request));
        }
        let text = format!("hold {}", request.uri());
        Ok(Box::pin(async move { text.into_response() }))
    }
}

struct Nobody;

impl Authenticator for Nobody {
    fn authenticate<'a>(
        &'a self,
        _: &'a Parts,
        _: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(async { Ok(None) })
    }
}

impl Sites for Nobody {
    fn has_origin(&self, _: &str) -> bool {
        false
    }

    fn has_host(&self, _: &str) -> bool {
        false
    }
}
