//! What a call of a method costs (spec/appview.md §3.3).

use std::fmt;

use accounts::Limits;
use accounts::settings::{CurrentSettings, Settings};
use axum::extract::{FromRequestParts, RawPathParams};
use futures::future::BoxFuture;
use http::{HeaderMap, Method, request::Parts};
use server::{Problem, Throttle};

use crate::Catalogue;
use crate::catalogue::LoadedLexicon;

/// Takes from the limits what a method costs: everything below `/xrpc`, fixed methods included.
pub(crate) struct Prices {
    pub(crate) limits: Limits,
    pub(crate) settings: Settings,
    pub(crate) catalogue: Catalogue,
}

impl Prices {
    async fn of(&self, parts: &mut Parts) -> u32 {
        // Only the method that is looked up in the catalogue has a parameter in its path.
        let path = RawPathParams::from_request_parts(parts, &()).await.ok();
        let nsid = path.as_ref().and_then(|path| path.iter().next());
        let settings = self.settings.current();
        match nsid {
            None => of_fixed(&settings, &parts.method),
            Some((_, nsid)) => of(&settings, &parts.method, self.catalogue.find(nsid).as_deref()),
        }
    }
}

/// Of a method by lexicon. One without a lexicon is passed on to whoever serves it.
fn of(settings: &CurrentSettings, method: &Method, lexicon: Option<&LoadedLexicon>) -> u32 {
    match lexicon {
        None => settings.default_proxy_cost,
        Some(lexicon) => lexicon.token_cost().unwrap_or_else(|| of_fixed(settings, method)),
    }
}

/// Of a method that this server implements itself.
fn of_fixed(settings: &CurrentSettings, method: &Method) -> u32 {
    if *method == Method::POST { settings.default_procedure_cost } else { settings.default_query_cost }
}

impl Throttle for Prices {
    fn admit<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Result<HeaderMap, Problem>> {
        Box::pin(async move {
            let price = self.of(parts).await;
            self.limits.check(parts, price).await
        })
    }
}

impl fmt::Debug for Prices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prices").field("limits", &self.limits).finish_non_exhaustive()
    }
}
