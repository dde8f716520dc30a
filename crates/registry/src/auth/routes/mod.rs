//! The routes of `/auth`, `/device` and `/api/devices`.

mod body;
mod device;
mod devices;
mod errors;
mod issued;
mod token_get;
mod token_post;

use server::{Access, Credential, Mount, Route, standard_errors};

pub(super) use body::Fields;

use super::{Auth, pages};

/// A scope parameter of eight kilobytes, a password and what goes with them.
const FORM_LIMIT: usize = 32 << 10;

impl Auth {
    /// What the shell mounts. Strangers make the server ask others here, so whoever mounts this limits how often
    /// (`Mount::throttle`).
    #[must_use]
    pub fn mounts(&self) -> Vec<Mount> {
        let token = vec![
            Route::get("/auth/token", Access::Public, "Get a token for a repository", token_get::issue),
            Route::post("/auth/token", Access::Public, "Get a token by OAuth", token_post::issue),
        ];
        let device = vec![
            Route::post("/auth/device/code", Access::Public, "Ask to let a device in", device::ask),
            Route::post("/auth/device/token", Access::Public, "Fetch a device's secret", device::poll),
        ];
        let list = |path| Route::get(path, Access::Authenticated, "List one's devices", devices::list);
        let revoke = |path| Route::delete(path, Access::Authenticated, "Revoke a device", devices::revoke);
        let short = vec![list("/api/devices"), revoke("/api/devices/{id}")];
        let long = vec![list("/api/registry/devices"), revoke("/api/registry/devices/{id}")];
        let cookies =
            |prefix| Mount { credentials: &[Credential::Cookie], ..Mount::new(prefix, standard_errors) };
        let forms = |prefix, errors| Mount { body_limit: FORM_LIMIT, ..Mount::new(prefix, errors) };
        vec![
            forms("/auth/token", errors::token_errors).routes(self, token),
            forms("/auth/device", standard_errors).routes(self, device),
            Mount { body_limit: FORM_LIMIT, ..cookies("/device") }.routes(self, pages::routes()),
            cookies("/api/devices").routes(self, short),
            cookies("/api/registry/devices").routes(self, long),
        ]
    }
}
