//! The repositories that are at home here, as the server has them.

use std::sync::Arc;

use appview::Queries;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures::future::{BoxFuture, FutureExt};
use repos::{Elsewhere, Mirror, Surface};
use server::App;

use super::foundation::Foundation;
use crate::config::{AppName, Settings};

/// What keeps them and the record index in order; and if the registry writes to them, what the network reads of them. `others` answers
/// about everybody else's.
pub(super) fn app(foundation: &Foundation, settings: &Settings, others: Option<Queries>) -> App {
    let Foundation { repos, records, wanted, store, .. } = foundation;
    let mirror = Mirror::new(repos, records, wanted, store);
    let mut app = App { tasks: vec![repos.task(), mirror.task()], ..App::new("repos") };
    if !settings.apps.contains(&AppName::Registry) {
        return app;
    }
    let surface = Surface::new(repos);
    match others {
        Some(queries) => {
            let surface = surface.with_others(Arc::new(HandedOn(queries)));
            app.extensions.push(surface.extension());
            app.mounts.push(surface.handles());
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
