//! API clients over HTTP: the admin API, key provisioning and sessions, and what apps do through XRPC (spec/appview.md
//! §3.6, §3.7, §3.10, §3.13).

mod admin;
mod delegation;
mod oauth;
mod problem;
mod through;
mod xrpc;

use server::{Access, Cors, Credential, Mount, Route, standard_errors};

use super::Clients;

impl Clients {
    /// What the shell mounts of `/oauth`, which has other routes, too. These check for themselves who calls: an app is not
    /// a caller in the shell's sense.
    #[must_use]
    pub fn mounts(&self) -> Vec<Mount> {
        let mount = |prefix| Mount {
            cors: Some(Cors::xrpc()),
            credentials: &[Credential::Dpop],
            ..Mount::new(prefix, standard_errors)
        };
        vec![
            mount("/oauth/dpop-keys").routes(self, oauth::keys()),
            mount("/oauth/sessions").routes(self, oauth::sessions()),
        ]
    }

    /// The routes below `/admin`, for the mount that owns it.
    #[must_use]
    pub fn admin_routes(&self) -> Vec<Route> {
        self.stated(admin::routes())
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
