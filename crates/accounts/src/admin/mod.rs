//! The admin API over what this crate keeps (spec/appview.md §3.13).
//!
//! The shell has checked the permission of a route before its handler runs. What depends on more than the caller, such as
//! who may grant what to whom, is decided where it is done, inside the transaction.

mod actor;
mod api_keys;
mod domains;
mod events;
mod feature_flags;
mod permissions;
mod settings;
mod users;
mod xrpc_proxy;

use server::Route;

use crate::{Accounts, absent};

impl Accounts {
    /// The routes below `/admin`, for the mount that owns it.
    #[must_use]
    pub fn admin_routes(&self) -> Vec<Route> {
        let here = [
            users::routes(),
            permissions::routes(),
            api_keys::routes(),
            settings::routes(),
            xrpc_proxy::routes(),
            feature_flags::routes(),
            domains::routes(),
            events::routes(),
        ];
        let here = here.into_iter().flatten().map(|route| route.with_state(self.clone()));
        here.chain(self.clients.admin_routes())
            .chain(self.service.admin_routes())
            .chain(absent::plugin_routes())
            .collect()
    }
}
