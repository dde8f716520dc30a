//! A served shell with one route per permission, and direct access to the rows no function changes yet.

use std::sync::Arc;

use accounts::{Accounts, permissions::PERMISSIONS};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use server::{
    Access, Caller, Credential, Json, Mount, Permission, Route, Shell, ShellConfig, standard_errors,
};
use store::{Database, Store, v};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// A shell on loopback; `/p/N` needs the Nth permission, `/who` any caller, `/xrpc/x` takes no keys.
pub(crate) struct Server {
    pub(crate) accounts: Accounts,
    pub(crate) state: Database,
    origin: String,
    client: Client,
    stop: CancellationToken,
    running: JoinHandle<Result<(), server::Error>>,
}

impl Server {
    pub(crate) async fn start(store: &Store) -> Self {
        let accounts = Accounts::new(store.state.clone());
        let mut app = accounts.app();
        app.mounts = mounts();
        let shell =
            Shell::new(ShellConfig::default(), Arc::new(accounts.clone()), Vec::new(), vec![app]).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let running = tokio::spawn(shell.serve(listener, stop.clone()));
        Self { accounts, state: store.state.clone(), origin, client: Client::new(), stop, running }
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.origin))
    }

    /// Status and body of a request with `Authorization: Bearer KEY`.
    pub(crate) async fn get_with(&self, path: &str, key: &str) -> (StatusCode, Value) {
        answer(self.get(path).bearer_auth(key)).await
    }

    pub(crate) async fn status_of(&self, permission: Permission, key: &str) -> u16 {
        self.get_with(&path_of(permission), key).await.0.as_u16()
    }

    /// A key that lists `permissions`, of the local operator.
    pub(crate) async fn key(&self, permissions: &[Permission]) -> accounts::NewKey {
        let names: Vec<_> = permissions.iter().map(|permission| permission.name()).collect();
        self.accounts.create_local_admin_key("test", &names).await.unwrap()
    }

    /// Runs one statement behind the server's back; afterwards its cache is as stale as another instance's.
    pub(crate) async fn sql(&self, sql: &'static str, params: &[&str]) {
        let params: Vec<String> = params.iter().map(ToString::to_string).collect();
        let changed = self.state.write(move |conn| {
            let params: Vec<_> = params.iter().map(v).collect();
            conn.execute(sql, &params)
        });
        assert!(changed.await.unwrap() > 0, "{sql}");
    }

    /// Ends the server in order.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap().unwrap();
    }
}

pub(crate) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

pub(crate) fn path_of(permission: Permission) -> String {
    let position = PERMISSIONS.iter().position(|info| info.permission == permission);
    format!("/p/{}", position.expect("a known permission"))
}

fn mounts() -> Vec<Mount> {
    let keys = |prefix| Mount { credentials: &[Credential::ApiKey], ..Mount::new(prefix, standard_errors) };
    let guarded = PERMISSIONS.iter().map(|info| {
        let path: &'static str = path_of(info.permission).leak();
        Route::get(path, info.permission, info.name, async || Json("in"))
    });
    vec![
        keys("/p").routes(&(), guarded),
        keys("/who").routes(&(), [Route::get("/who", Access::Authenticated, "", who)]),
        Mount::new("/xrpc", standard_errors)
            .routes(&(), [Route::get("/xrpc/x", Access::Delegated, "", anyone)]),
    ]
}

async fn who(caller: Caller) -> Json<Value> {
    let permissions: Vec<_> = caller.permissions.iter().map(Permission::name).collect();
    Json(serde_json::json!({ "did": caller.principal.did(), "permissions": permissions }))
}

async fn anyone(caller: Option<Caller>) -> Json<bool> {
    Json(caller.is_some())
}
