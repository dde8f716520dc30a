//! The repositories that are at home here, as the server has them.

use std::sync::Arc;

use accounts::service::Documents;
use appview::Queries;
use atproto::Did;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures::future::{BoxFuture, FutureExt};
use hold_xrpc::HoldService;
use repos::{Elsewhere, Mirror, Repos, Surface};
use serde_json::Value;
use server::App;

use super::foundation::Foundation;
use crate::config::{AppName, Settings};

/// What keeps them and the record index in order; and if the registry writes to them, what the network reads of them. `others` answers
/// about everybody else's, `hold` gives out layers.
pub(super) fn app(
    foundation: &Foundation,
    settings: &Settings,
    others: Option<Queries>,
    hold: Option<HoldService>,
) -> App {
    let Foundation { repos, records, wanted, store, .. } = foundation;
    let mirror = Mirror::new(repos, records, wanted, store);
    let mut app = App { tasks: vec![repos.task(), mirror.task()], ..App::new("repos") };
    if !settings.apps.contains(&AppName::Registry) {
        return app;
    }
    let mut surface = Surface::new(repos);
    if let Some(hold) = hold {
        surface = surface.with_blobs(Arc::new(hold));
    }
    match others {
        Some(queries) => {
            let surface = surface.with_others(Arc::new(HandedOn(queries)));
            app.extensions.push(surface.extension());
            app.mounts.push(surface.handles());
            app.mounts.extend(surface.blob_mount());
        }
        None => app.mounts.extend(surface.mounts()),
    }
    app
}

/// What is about a repository that is not at home here is for the appview.
struct HandedOn(Queries);

impl Elsewhere for HandedOn {
    fn answer(&self, request: Request) -> Result<BoxFuture<'static, Response>, Box<Request>> {
        let queries = self.0.clone();
        Ok(async move { queries.answer(request).await.into_response() }.boxed())
    }
}

/// The documents of those who are at home here, for the path that the accounts own.
pub(super) struct DocumentsAtHome(pub(super) Repos);

impl Documents for DocumentsAtHome {
    fn document(&self, did: &Did) -> Option<Value> {
        serde_json::from_str(&self.0.document(did.as_str())?).ok()
    }
}
