//! Everything but the probes under one path.

use http::Uri;
use serde_json::{Value, json};
use server::{Access, Credential, Json, Mount, Path, Route, ShellConfig, Target, standard_errors};

use crate::support::{Server, WRITE, app};

async fn seen(uri: Uri, target: Target) -> Json<Value> {
    Json(json!({ "uri": uri.to_string(), "target": target.path() }))
}

async fn rest(Path(rest): Path<String>) -> String {
    rest
}

async fn start(base_path: &str) -> Server {
    let x =
        Mount { credentials: &[Credential::ApiKey, Credential::Dpop], ..Mount::new("/x", standard_errors) };
    let routes = [
        Route::get("/x/{thing}", Access::Public, "", seen),
        Route::post("/x/{thing}", Access::Authenticated, "", seen),
        Route::delete("/x/{thing}", WRITE, "", seen),
    ];
    let document = Mount::new("/.well-known/did.json", standard_errors);
    let document =
        document.routes(&(), [Route::get("/.well-known/did.json", Access::Public, "", async || "did")]);
    let config = ShellConfig { base_path: base_path.to_owned(), ..ShellConfig::default() };
    Server::start_with(config, Vec::new(), vec![app("t", vec![x.routes(&(), routes), document])]).await
}

#[tokio::test]
async fn routes_are_under_it_and_see_what_is_inside() {
    let server = start("/hv").await;
    let reply = server.get("/hv/x/a?b=/hv").await;
    assert_eq!(reply.json(), json!({ "uri": "/x/a?b=/hv", "target": "/hv/x/a" }));
    assert_eq!(server.get("/hv/.well-known/did.json").await.text(), "did");
    let reply = server.send_exactly("GET http://app.test/hv/x/a HTTP/1.1").await;
    assert_eq!(reply.json(), json!({ "uri": "http://app.test/x/a", "target": "/hv/x/a" }));
}

#[tokio::test]
async fn nothing_but_the_probes_is_outside() {
    let server = start("/hv").await;
    let not_found = json!({ "error": "Not found" });
    for path in [
        "/x/a",
        "/.well-known/did.json",
        "/hvx/x/a",
        "/hv2/x/a",
        "/HV/x/a",
        "/%68v/x/a",
        "//hv/x/a",
        "/hv//x/a",
        "/hv",
        "/hv/",
        "/hv/hv/x/a",
        "/",
        "/hv/health",
        "/hv/ready",
    ] {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.json()), (404, not_found.clone()), "{path}");
    }
    for path in ["/health", "/ready"] {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_probe_is_not_mistaken_for_a_route() {
    // The base path is how the probe's path begins, but is none of its segments.
    let server = start("/he").await;
    assert_eq!(server.get("/health").await.status, 200);
    assert_eq!(server.get("/he/x/a").await.status, 200);
}

#[tokio::test]
async fn the_root_of_the_server_is_the_base_path_itself() {
    let root = Mount::new("/", standard_errors).routes(
        &(),
        [
            Route::get("/", Access::Public, "", async || "home"),
            Route::get("/{*rest}", Access::Public, "", rest),
        ],
    );
    let config = ShellConfig { base_path: "/apps/hv".to_owned(), ..ShellConfig::default() };
    let server = Server::start_with(config, Vec::new(), vec![app("t", vec![root])]).await;
    for (path, body) in
        [("/apps/hv", "home"), ("/apps/hv/", "home"), ("/apps/hv?q", "home"), ("/apps/hv/a/b", "a/b")]
    {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.text()), (200, body), "{path}");
    }
    for path in ["/", "/apps", "/apps/", "/apps/hvx"] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_proof_is_for_the_whole_path() {
    let server = start("/hv").await;
    for (proof, status) in [("/hv/x/a", 200), ("/x/a", 401)] {
        let head = format!("POST /hv/x/a HTTP/1.1\r\nauthorization: DPoP device\r\ndpop: {proof}");
        assert_eq!(server.send(&head).await.status, status, "{proof}");
    }
}

#[tokio::test]
async fn a_denial_names_the_path_of_the_route() {
    let server = start("/hv").await;
    let reply = server.send("DELETE /hv/x/a HTTP/1.1\r\nauthorization: Bearer reader").await;
    assert_eq!(reply.status, 403);
    assert_eq!(server.keys.denials()[0].2, "/x/a");
}
