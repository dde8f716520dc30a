//! The routes, and how they are mounted.

use server::{Access, Cors, Extension, Hosts, Mount, Route, standard_errors};

use super::{Surface, identity, repo, subscribe, sync};

impl Surface {
    /// Below an `/xrpc` of its own, on a server whose other apps have none.
    #[must_use]
    pub fn mounts(&self) -> Vec<Mount> {
        let xrpc = open("/xrpc").routes(self, self.routes(Access::Public));
        [xrpc, self.handles()].into_iter().chain(self.blob_mount()).collect()
    }

    /// `getBlob` where somebody else is asked first ([`with_blobs`](Self::with_blobs)), who looks at credentials that nobody else
    /// here understands: beside [`extension`](Self::extension), a mount of its own.
    #[must_use]
    pub fn blob_mount(&self) -> Option<Mount> {
        let mount = || Mount { compression: false, ..open(BLOB) }.routes(self, [blob(Access::Public)]);
        self.asks_for_blobs().then(mount)
    }

    /// `/.well-known/did.json` of whoever is asked for by host, where nobody else has one.
    #[must_use]
    pub fn documents(&self) -> Mount {
        let path = "/.well-known/did.json";
        let show = Route::get(path, Access::Public, "Describe a DID of this host", identity::did_json);
        open(path).routes(self, [show])
    }

    /// Below the `/xrpc` of another app, whose rules apply. Requests about repositories that are not at home here go on to
    /// [`with_others`](Self::with_others), with whoever calls.
    #[must_use]
    pub fn extension(&self) -> Extension {
        Extension::new("/xrpc").routes(self, self.routes(Access::Delegated))
    }

    fn routes(&self, access: Access) -> Vec<Route<Self>> {
        let blob = (!self.asks_for_blobs()).then(|| blob(access));
        routes(access).into_iter().chain(blob).collect()
    }

    /// `/.well-known/atproto-did` of whoever is asked for by host.
    #[must_use]
    pub fn handles(&self) -> Mount {
        let path = "/.well-known/atproto-did";
        let show = Route::get(
            path,
            Access::Public,
            "Tell whose the handle of this host is",
            identity::handle_of_host,
        );
        open(path).routes(self, [show])
    }
}

/// For pages of any origin, under any name: every handle of a local account is one.
fn open(prefix: &'static str) -> Mount {
    Mount { cors: Some(Cors::xrpc()), hosts: Hosts::Any, ..Mount::new(prefix, standard_errors) }
}

const BLOB: &str = "/xrpc/com.atproto.sync.getBlob";

fn blob(access: Access) -> Route<Surface> {
    Route::get(BLOB, access, "Read a blob", sync::get_blob)
}

fn routes(access: Access) -> Vec<Route<Surface>> {
    vec![
        Route::get("/xrpc/com.atproto.repo.getRecord", access, "Read a record", repo::get_record),
        Route::get("/xrpc/com.atproto.repo.listRecords", access, "List records", repo::list_records),
        Route::get("/xrpc/com.atproto.repo.describeRepo", access, "Describe a repository", repo::describe),
        Route::get("/xrpc/com.atproto.sync.getRepo", access, "Export a repository", sync::get_repo),
        Route::get("/xrpc/com.atproto.sync.getRecord", access, "Prove a record", sync::get_record),
        Route::get(
            "/xrpc/com.atproto.sync.getLatestCommit",
            access,
            "Name the last commit",
            sync::latest_commit,
        ),
        Route::get(
            "/xrpc/com.atproto.sync.getRepoStatus",
            access,
            "Tell whether a repository is served",
            sync::status,
        ),
        Route::get("/xrpc/com.atproto.sync.listRepos", access, "List repositories", sync::list_repos),
        Route::get(
            "/xrpc/com.atproto.sync.subscribeRepos",
            access,
            "Follow all repositories",
            subscribe::subscribe,
        ),
        Route::get(
            "/xrpc/com.atproto.identity.resolveHandle",
            access,
            "Find an account by its handle",
            identity::resolve,
        ),
        Route::get(
            "/xrpc/com.atproto.server.describeServer",
            access,
            "Describe this server",
            identity::describe_server,
        ),
    ]
}
