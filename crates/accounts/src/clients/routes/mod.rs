//! API clients over HTTP: the admin API, key provisioning and sessions, and what apps do through XRPC (spec/appview.md
//! §3.6, §3.7, §3.10, §3.13).

mod admin;
mod delegation;
mod oauth;
mod problem;
mod through;
mod xrpc;

use server::{Access, Cors, Mount, Route, standard_errors};

use super::Clients;
use crate::permissions::{API_CLIENTS_CREATE, API_CLIENTS_DELETE, API_CLIENTS_EDIT, API_CLIENTS_VIEW};

impl Clients {
    /// What the shell mounts of `/oauth`, which has other routes, too. These check for themselves who calls: an app is not
    /// a caller in the shell's sense.
    #[must_use]
    pub fn mounts(&self) -> Vec<Mount> {
        let keys =
            Route::post("/oauth/dpop-keys", Access::Public, "Make a DPoP key for an app", oauth::provision);
        let sessions = [
            Route::post("/oauth/sessions", Access::Public, "Register a session with a PDS", oauth::register),
            Route::get("/oauth/sessions/{did}", Access::Public, "Show a session", oauth::show),
            Route::delete("/oauth/sessions/{did}", Access::Public, "End a session", oauth::end),
            Route::get("/oauth/sessions/{did}/devices", Access::Public, "List devices", oauth::devices),
            Route::delete(
                "/oauth/sessions/{did}/devices/{session_id}",
                Access::Public,
                "End the session of a device",
                oauth::end_device,
            ),
        ];
        let mount = |prefix| Mount { cors: Some(Cors::xrpc()), ..Mount::new(prefix, standard_errors) };
        vec![mount("/oauth/dpop-keys").routes(self, [keys]), mount("/oauth/sessions").routes(self, sessions)]
    }

    /// The routes below `/admin`, for the mount that owns it.
    #[must_use]
    pub fn admin_routes(&self) -> Vec<Route> {
        let routes = [
            Route::get("/admin/api-clients", API_CLIENTS_VIEW, "List API clients", admin::list),
            Route::post("/admin/api-clients", API_CLIENTS_CREATE, "Make an API client", admin::create),
            Route::get("/admin/api-clients/{id}", API_CLIENTS_VIEW, "Show an API client", admin::show),
            Route::put("/admin/api-clients/{id}", API_CLIENTS_EDIT, "Change an API client", admin::update),
            Route::delete(
                "/admin/api-clients/{id}",
                API_CLIENTS_DELETE,
                "Remove an API client",
                admin::remove,
            ),
        ];
        self.stated(routes)
    }

    /// The methods of `dev.happyview.*`, for the mount that owns `/xrpc`. They admit callers with a session of an app
    /// only.
    #[must_use]
    pub fn xrpc_routes(&self) -> Vec<Route> {
        const ACCESS: Access = Access::Delegated;
        let routes = [
            Route::get("/xrpc/dev.happyview.listApiClients", ACCESS, "List one's API clients", xrpc::list),
            Route::get("/xrpc/dev.happyview.getApiClient", ACCESS, "Show one's API client", xrpc::show),
            Route::post("/xrpc/dev.happyview.createApiClient", ACCESS, "Make an API client", xrpc::create),
            Route::post(
                "/xrpc/dev.happyview.deleteApiClient",
                ACCESS,
                "Remove one's API client",
                xrpc::remove,
            ),
            Route::post(
                "/xrpc/dev.happyview.delegation.linkAccount",
                ACCESS,
                "Share one's account",
                delegation::link,
            ),
            Route::post(
                "/xrpc/dev.happyview.delegation.unlinkAccount",
                ACCESS,
                "No longer share one's account",
                delegation::unlink,
            ),
            Route::post(
                "/xrpc/dev.happyview.delegation.addDelegate",
                ACCESS,
                "Let somebody write to a shared account",
                delegation::add,
            ),
            Route::post(
                "/xrpc/dev.happyview.delegation.removeDelegate",
                ACCESS,
                "No longer let somebody write to a shared account",
                delegation::remove,
            ),
            Route::get(
                "/xrpc/dev.happyview.delegation.listAccounts",
                ACCESS,
                "List the accounts one may write to",
                delegation::accounts,
            ),
            Route::get(
                "/xrpc/dev.happyview.delegation.getAccount",
                ACCESS,
                "Show an account one may write to",
                delegation::account,
            ),
            Route::get(
                "/xrpc/dev.happyview.delegation.listDelegates",
                ACCESS,
                "List who may write to a shared account",
                delegation::delegates,
            ),
        ];
        self.stated(routes)
    }

    fn stated<const N: usize>(&self, routes: [Route<Self>; N]) -> Vec<Route> {
        routes.into_iter().map(|route| route.with_state(self.clone())).collect()
    }
}
