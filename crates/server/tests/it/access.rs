//! Each access rule against each kind of caller.

use serde_json::{Value, json};
use server::{Access, Caller, Credential, Json, Mount, Permission, Route, standard_errors};

use crate::support::{READ, Reply, Server, WRITE, app};

async fn whoami(caller: Option<Caller>) -> Json<Value> {
    let permissions =
        caller.map(|caller| caller.permissions.iter().map(Permission::name).collect::<Vec<_>>());
    Json(json!({ "permissions": permissions }))
}

async fn insists(caller: Caller) -> Json<Value> {
    Json(json!({ "user": caller.principal.user_id() }))
}

async fn start() -> Server {
    let routes = [
        Route::get("/t/public", Access::Public, "", whoami),
        Route::get("/t/delegated", Access::Delegated, "", whoami),
        Route::get("/t/insists", Access::Delegated, "", insists),
        Route::get("/t/authenticated", Access::Authenticated, "", whoami),
        Route::get("/t/write", WRITE, "", whoami),
        Route::get("/t/keeps", READ, "", async || [("cache-control", "private")]),
        Route::get("/t/both", Access::AllOf(&[READ, WRITE]), "", whoami),
    ];
    let keys = Mount { credentials: &[Credential::ApiKey], ..Mount::new("/t", standard_errors) };
    let no_keys = Mount::new("/n", standard_errors);
    let other = [Route::get("/n/delegated", Access::Delegated, "", whoami)];
    Server::start(vec![app("t", vec![keys.routes(&(), routes), no_keys.routes(&(), other)])]).await
}

async fn get(server: &Server, path: &str, authorization: Option<&str>) -> Reply {
    match authorization {
        Some(value) => server.send(&format!("GET {path} HTTP/1.1\r\nauthorization: {value}")).await,
        None => server.get(path).await,
    }
}

#[tokio::test]
async fn every_access_rule_meets_every_caller() {
    let server = start().await;
    let none = json!({ "permissions": null });
    let reader = json!({ "permissions": ["things:read"] });
    let writer = json!({ "permissions": ["things:read", "things:write"] });
    let anonymous = json!({ "error": "Authentication required" });
    let wrong = json!({ "error": "Unknown key" });
    let lacking =
        json!({ "error": "InsufficientPermissions", "message": "Missing permission: things:write" });
    let table = [
        // path, no credential, wrong one, one that lacks a permission, one that has all
        ("/t/public", (200, &none), (200, &none), (200, &none), (200, &none)),
        ("/t/delegated", (200, &none), (401, &wrong), (200, &reader), (200, &writer)),
        ("/t/authenticated", (401, &anonymous), (401, &wrong), (200, &reader), (200, &writer)),
        ("/t/write", (401, &anonymous), (401, &wrong), (403, &lacking), (200, &writer)),
        ("/t/both", (401, &anonymous), (401, &wrong), (403, &lacking), (200, &writer)),
    ];
    for (path, on_none, on_wrong, on_lacking, on_having) in table {
        for (authorization, (status, body)) in [
            (None, on_none),
            (Some("Bearer nobody"), on_wrong),
            (Some("Bearer reader"), on_lacking),
            (Some("Bearer writer"), on_having),
        ] {
            let reply = get(&server, path, authorization).await;
            assert_eq!((reply.status, &reply.json()), (status, body), "{path} {authorization:?}");
            let challenge = match authorization {
                None => "Bearer",
                Some(_) => r#"Bearer error="invalid_token""#,
            };
            assert_eq!(reply.header("www-authenticate"), (status == 401).then_some(challenge));
        }
    }
}

/// A cookie is no sign to a cache that an answer is for one caller alone.
#[tokio::test]
async fn what_a_caller_gets_is_kept_by_nobody() {
    let server = start().await;
    for path in ["/t/delegated", "/t/write", "/t/unknown"] {
        assert_eq!(get(&server, path, None).await.header("cache-control"), None, "{path}");
    }
    for (path, status) in [("/t/delegated", 200), ("/t/write", 403)] {
        let reply = get(&server, path, Some("Bearer reader")).await;
        assert_eq!((reply.status, reply.header("cache-control")), (status, Some("no-store")), "{path}");
    }
    let decided = get(&server, "/t/keeps", Some("Bearer reader")).await;
    assert_eq!(decided.headers("cache-control"), ["private"]);
}

#[tokio::test]
async fn a_present_but_unusable_header_is_never_anonymous() {
    let server = start().await;
    for value in ["", "Bearer", "Bearer ", "Basic dTpw", "reader", "bearer  reader", "\u{fffd}"] {
        assert_eq!(get(&server, "/t/delegated", Some(value)).await.status, 401, "{value:?}");
    }
}

#[tokio::test]
async fn a_mount_says_which_credentials_it_takes() {
    let server = start().await;
    assert_eq!(get(&server, "/n/delegated", None).await.status, 200);
    let reply = get(&server, "/n/delegated", Some("Bearer writer")).await;
    assert_eq!((reply.status, reply.json()), (401, json!({ "error": "API keys are not accepted here" })));
}

#[tokio::test]
async fn a_handler_that_decides_can_insist_on_a_caller() {
    let server = start().await;
    let reply = get(&server, "/t/insists", None).await;
    assert_eq!((reply.status, reply.json()), (401, json!({ "error": "Authentication required" })));
    let reply = get(&server, "/t/insists", Some("Bearer reader")).await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "user": "user" })));
}

#[tokio::test]
async fn a_broken_authenticator_is_our_fault_and_says_nothing() {
    let server = start().await;
    let reply = get(&server, "/t/write", Some("Bearer broken")).await;
    assert_eq!(reply.status, 503);
    assert_eq!(reply.json()["error"], "Authentication is unavailable");
    assert!(!reply.text().contains("secret"));
}

#[tokio::test]
async fn head_obeys_the_access_of_get() {
    let server = start().await;
    assert_eq!(server.send("HEAD /t/write HTTP/1.1").await.status, 401);
    let lacking = server.send("HEAD /t/write HTTP/1.1\r\nauthorization: Bearer reader").await;
    assert_eq!(lacking.status, 403);
    let having = server.send("HEAD /t/write HTTP/1.1\r\nauthorization: Bearer writer").await;
    assert_eq!(having.status, 200);
}
