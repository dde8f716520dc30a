//! Signing in and out over HTTP (spec/appview.md §3.8, §3.9).

mod callback;
mod login;
mod logout;
mod me;
mod metadata;
mod page;

use http::StatusCode;
use server::{Access, Cors, Credential, Mount, Route, standard_errors};

use super::{SignIn, sign_in::SignInRequest};

impl SignIn {
    /// What the shell mounts. Each path is a mount of its own: other apps have paths beside them.
    #[must_use]
    pub fn mounts(&self, credentials: &'static [Credential]) -> Vec<Mount> {
        let login = Route::get("/auth/login", Access::Public, "Begin to sign in", login::begin)
            .operation_id("beginSignIn")
            .query::<SignInRequest>()
            .gives::<login::Begun>(StatusCode::OK);
        let callback =
            Route::get("/auth/callback", Access::Public, "Come back from the PDS", callback::complete)
                .operation_id("completeSignIn")
                .query::<callback::Query>()
                .gives_nothing(StatusCode::SEE_OTHER);
        let logout = Route::post("/auth/logout", Access::Delegated, "Sign out", logout::end)
            .operation_id("signOut")
            .gives_nothing(StatusCode::OK);
        let me = Route::get("/auth/me", Access::Delegated, "Say who is signed in", me::show)
            .operation_id("getMe")
            .gives::<me::Me>(StatusCode::OK);
        let metadata = Route::get(
            "/oauth-client-metadata.json",
            Access::Public,
            "Describe this server to authorization servers",
            metadata::show,
        );
        let paths = [
            ("/auth/login", login),
            ("/auth/callback", callback),
            ("/auth/logout", logout),
            ("/auth/me", me),
            ("/oauth-client-metadata.json", metadata),
        ];
        let paths = paths.into_iter().map(|(prefix, route)| {
            let mount =
                Mount { credentials, cors: Some(Cors::xrpc()), ..Mount::new(prefix, standard_errors) };
            mount.routes(self, [route])
        });
        paths.chain(page::mounts(&self.parts.base_path)).collect()
    }
}
