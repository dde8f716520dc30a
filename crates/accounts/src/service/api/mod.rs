//! The service identity over HTTP: the admin API, the setup wizard and the DID document (spec/appview.md §3.8, §3.11,
//! §3.13).

mod did_json;
mod entries;
mod identity;
mod methods;
mod problem;
mod setup;
mod sync;
mod xrpcs;

use server::{Access, Cors, Credential, Hosts, Mount, Route, standard_errors};

use super::Service;

impl Service {
    /// What the shell mounts besides the admin API: the setup wizard, which takes the given credentials, and the
    /// DID document.
    #[must_use]
    pub fn mounts(&self, credentials: &'static [Credential]) -> Vec<Mount> {
        let document =
            Route::get("/.well-known/did.json", Access::Public, "Describe this server's DID", did_json::show);
        vec![
            // Every handle of an account that is at home here is a host, too.
            Mount {
                cors: Some(Cors::xrpc()),
                hosts: Hosts::Any,
                ..Mount::new("/.well-known/did.json", standard_errors)
            }
            .routes(self, [document]),
            Mount { cors: Some(Cors::xrpc()), credentials, ..Mount::new("/api/setup", standard_errors) }
                .routes(self, setup::routes()),
        ]
    }

    /// The routes below `/admin`, for the mount that owns it.
    #[must_use]
    pub fn admin_routes(&self) -> Vec<Route> {
        let routes = identity::routes().into_iter().chain(entries::routes()).chain(xrpcs::routes());
        let routes = routes.chain(sync::routes()).chain(methods::routes());
        routes.map(|route| route.with_state(self.clone())).collect()
    }
}
