//! Signing in and out over HTTP (spec/appview.md §3.8, §3.9).

mod callback;
mod login;
mod logout;
mod me;
mod metadata;

use http::{HeaderMap, Uri, header::HOST};
use server::{Access, Cors, Credential, Mount, Route, standard_errors};

use super::SignIn;

impl SignIn {
    /// What the shell mounts. Each path is a mount of its own: other apps have paths beside them.
    #[must_use]
    pub fn mounts(&self, credentials: &'static [Credential]) -> Vec<Mount> {
        let login = Route::get("/auth/login", Access::Public, "Begin to sign in", login::begin);
        let callback =
            Route::get("/auth/callback", Access::Public, "Come back from the PDS", callback::complete);
        let logout = Route::post("/auth/logout", Access::Delegated, "Sign out", logout::end);
        let me = Route::get("/auth/me", Access::Delegated, "Say who is signed in", me::show);
        let metadata = Route::get(
            "/oauth-client-metadata.json",
            Access::Public,
            "Describe this server to authorization servers",
            metadata::show,
        );
        [
            ("/auth/login", login),
            ("/auth/callback", callback),
            ("/auth/logout", logout),
            ("/auth/me", me),
            ("/oauth-client-metadata.json", metadata),
        ]
        .into_iter()
        .map(|(prefix, route)| {
            let mount =
                Mount { credentials, cors: Some(Cors::xrpc()), ..Mount::new(prefix, standard_errors) };
            mount.routes(self, [route])
        })
        .collect()
    }
}

/// The host that a request came to, with its port.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let header = headers.get(HOST).and_then(|value| value.to_str().ok());
    uri.authority().map(http::uri::Authority::as_str).or(header)
}
