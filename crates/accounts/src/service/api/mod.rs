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

use server::{Access, Cors, Credential, Mount, Route, standard_errors};

use super::Service;
use crate::permissions::SETTINGS_MANAGE;

impl Service {
    /// What the shell mounts besides the admin API: the setup wizard, which takes the given credentials, and the
    /// DID document.
    #[must_use]
    pub fn mounts(&self, credentials: &'static [Credential]) -> Vec<Mount> {
        let document =
            Route::get("/.well-known/did.json", Access::Public, "Describe this server's DID", did_json::show);
        vec![
            Mount { cors: Some(Cors::xrpc()), ..Mount::new("/.well-known/did.json", standard_errors) }
                .routes(self, [document]),
            Mount { cors: Some(Cors::xrpc()), credentials, ..Mount::new("/api/setup", standard_errors) }
                .routes(self, setup::routes()),
        ]
    }

    /// The routes below `/admin`, for the mount that owns it.
    #[must_use]
    pub fn admin_routes(&self) -> Vec<Route> {
        let routes = [
            Route::get(
                "/admin/service-identity",
                SETTINGS_MANAGE,
                "Show the service identity",
                identity::show,
            ),
            Route::put(
                "/admin/service-identity",
                SETTINGS_MANAGE,
                "Choose the service identity",
                identity::put,
            ),
            Route::get("/admin/service-entries", SETTINGS_MANAGE, "List service entries", entries::list),
            Route::post("/admin/service-entries", SETTINGS_MANAGE, "Add a service entry", entries::add),
            Route::put(
                "/admin/service-entries/{id}",
                SETTINGS_MANAGE,
                "Change a service entry",
                entries::change,
            ),
            Route::delete(
                "/admin/service-entries/{id}",
                SETTINGS_MANAGE,
                "Remove a service entry",
                entries::remove,
            ),
            Route::get(
                "/admin/lexicons/{id}/services",
                SETTINGS_MANAGE,
                "List the service entries that admit a method",
                entries::admitting,
            ),
            Route::get(
                "/admin/service-entries/{id}/xrpcs",
                SETTINGS_MANAGE,
                "List the methods of a service entry",
                xrpcs::list,
            ),
            Route::post(
                "/admin/service-entries/{id}/xrpcs",
                SETTINGS_MANAGE,
                "Add methods to a service entry",
                xrpcs::add,
            ),
            Route::delete(
                "/admin/service-entries/{id}/xrpcs",
                SETTINGS_MANAGE,
                "Remove methods from a service entry",
                xrpcs::remove,
            ),
            Route::post(
                "/admin/service-entries/sync-plc",
                SETTINGS_MANAGE,
                "Bring the PLC directory up to date",
                sync::sync,
            ),
            Route::post(
                "/admin/service-entries/sync-plc/request",
                SETTINGS_MANAGE,
                "Have the attached account mailed a token for the PLC directory",
                sync::request,
            ),
            Route::post(
                "/admin/service-entries/sync-plc/submit",
                SETTINGS_MANAGE,
                "Bring the attached account's document up to date",
                sync::submit,
            ),
            Route::get(
                "/admin/verification-methods",
                SETTINGS_MANAGE,
                "List verification methods",
                methods::list,
            ),
            Route::post(
                "/admin/verification-methods",
                SETTINGS_MANAGE,
                "Make a verification method",
                methods::add,
            ),
            Route::delete(
                "/admin/verification-methods/{fragment_id}",
                SETTINGS_MANAGE,
                "Remove a verification method",
                methods::remove,
            ),
        ];
        routes.into_iter().map(|route| route.with_state(self.clone())).collect()
    }
}
