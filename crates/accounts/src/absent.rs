//! What a server of this kind may have and this one does not: plugins, external accounts, permissioned spaces.
//!
//! Clients ask for these by name and must be told that they are missing, not that they mistyped.

use server::{Cors, Mount, Permission, Problem, Route, standard_errors};

use crate::permissions::{PLUGINS_CREATE, PLUGINS_DELETE, PLUGINS_READ};

/// Every method of permissioned spaces begins with one of these.
const SPACES: [&str; 3] = ["com.atproto.space.", "com.atproto.simplespace.", "dev.happyview.space."];

/// Whether an XRPC method belongs to permissioned spaces. Such a call is answered with [`spaces_disabled`], whatever
/// lexicons are loaded.
#[must_use]
pub fn is_absent_method(nsid: &str) -> bool {
    SPACES.iter().any(|prefix| nsid.starts_with(prefix))
}

/// 404 `FeatureDisabled` for permissioned spaces.
#[must_use]
pub fn spaces_disabled() -> Problem {
    disabled("This server has no permissioned spaces")
}

/// `/external-auth`, whatever is asked for.
pub(crate) fn external_accounts() -> Mount {
    const PATH: &str = "/external-auth/{*path}";
    const SUMMARY: &str = "Refuse: there are no external accounts";
    let refuse = async || disabled("This server links no external accounts");
    let access = server::Access::Public;
    Mount { cors: Some(Cors::xrpc()), ..Mount::new("/external-auth", standard_errors) }
        .routes(&(), [Route::get(PATH, access, SUMMARY, refuse), Route::post(PATH, access, SUMMARY, refuse)])
}

/// The routes below `/admin/plugins`, which still ask for their permissions.
pub(crate) fn plugin_routes() -> Vec<Route> {
    const SUMMARY: &str = "Refuse: there are no plugins";
    let refuse = async || disabled("This server runs no plugins");
    let get = |path, permission: Permission| Route::get(path, permission, SUMMARY, refuse);
    let post = |path, permission: Permission| Route::post(path, permission, SUMMARY, refuse);
    vec![
        get("/admin/plugins", PLUGINS_READ),
        post("/admin/plugins", PLUGINS_CREATE),
        post("/admin/plugins/preview", PLUGINS_READ),
        get("/admin/plugins/official", PLUGINS_READ),
        Route::delete("/admin/plugins/{id}", PLUGINS_DELETE, SUMMARY, refuse),
        post("/admin/plugins/{id}/reload", PLUGINS_CREATE),
        post("/admin/plugins/{id}/check-update", PLUGINS_READ),
        get("/admin/plugins/{id}/secrets", PLUGINS_READ),
        Route::put("/admin/plugins/{id}/secrets", PLUGINS_CREATE, SUMMARY, refuse),
    ]
}

fn disabled(message: &'static str) -> Problem {
    Problem::not_found(message).named("FeatureDisabled")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_of_spaces_are_known_by_their_prefix() {
        for nsid in [
            "com.atproto.space.getRepo",
            "com.atproto.simplespace.addMember",
            "dev.happyview.space.listInvites",
        ] {
            assert!(is_absent_method(nsid), "{nsid}");
        }
        for nsid in [
            "com.atproto.spaces.get",
            "com.atproto.space",
            "dev.happyview.listApiClients",
            "x.com.atproto.space.a",
        ] {
            assert!(!is_absent_method(nsid), "{nsid}");
        }
    }
}
