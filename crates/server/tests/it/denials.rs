//! What callers who are refused are told, and who hears of it.

use http::{HeaderValue, header::WWW_AUTHENTICATE};
use serde_json::json;
use server::{Access, ChallengeError, Credential, Mount, Problem, Route, standard_errors};

use crate::support::{READ, Server, WRITE, app};

async fn nonce() -> Problem {
    Problem::unauthorized("Use this nonce").named("use_dpop_nonce").challenged(ChallengeError::UseDpopNonce)
}

async fn own_words() -> Problem {
    Problem::unauthorized("No").with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Basic"))
}

async fn start() -> Server {
    let mount = |prefix, credentials| Mount { credentials, ..Mount::new(prefix, standard_errors) };
    let routes = [
        Route::get("/t/{thing}", WRITE, "", async || ()),
        Route::post("/t/{thing}", Access::AllOf(&[READ, WRITE]), "", async || ()),
        Route::get("/t/anybody", Access::Authenticated, "", async || ()),
        Route::get("/t/decided", Access::Delegated, "", async || ()),
        Route::get("/t/nonce", Access::Public, "", nonce),
        Route::get("/t/own-words", Access::Public, "", own_words),
    ];
    let dpop = [
        Route::get("/d/x", Access::Authenticated, "", async || ()),
        Route::get("/d/nonce", Access::Public, "", nonce),
    ];
    let cookie = [Route::get("/c/x", Access::Authenticated, "", async || ())];
    let mounts = vec![
        mount("/t", &[Credential::ApiKey, Credential::Cookie, Credential::Dpop]).routes(&(), routes),
        mount("/d", &[Credential::Dpop]).routes(&(), dpop),
        mount("/c", &[Credential::Cookie]).routes(&(), cookie),
    ];
    Server::start(vec![app("t", mounts)]).await
}

#[tokio::test]
async fn a_user_who_lacks_a_permission_is_told_which_and_reported() {
    let server = start().await;
    for request in ["GET /t/some%20thing?a=b", "POST /t/x"] {
        let reply = server.send(&format!("{request} HTTP/1.1\r\nauthorization: Bearer reader")).await;
        let lacking =
            json!({ "error": "InsufficientPermissions", "message": "Missing permission: things:write" });
        assert_eq!((reply.status, reply.json()), (403, lacking));
    }
    let user = Some("user".to_owned());
    let expected =
        [(user.clone(), WRITE, "/t/some%20thing".to_owned()), (user.clone(), WRITE, "/t/x".to_owned())];
    assert_eq!(server.keys.denials(), expected);
}

#[tokio::test]
async fn somebody_who_is_no_user_is_told_that_and_leaves_no_trace() {
    let server = start().await;
    for credential in ["authorization: Bearer stranger", "cookie: session=stranger"] {
        let reply = server.send(&format!("GET /t/x HTTP/1.1\r\n{credential}")).await;
        assert_eq!((reply.status, reply.json()), (403, json!({ "error": "not a user" })), "{credential}");
        for path in ["/t/anybody", "/t/decided"] {
            let reply = server.send(&format!("GET {path} HTTP/1.1\r\n{credential}")).await;
            assert_eq!(reply.status, 200, "{path} asks for no permission");
        }
    }
    assert_eq!(server.keys.denials(), []);
}

#[tokio::test]
async fn missing_and_wrong_credentials_are_no_denials() {
    let server = start().await;
    server.get("/t/x").await;
    server.send("GET /t/x HTTP/1.1\r\nauthorization: Bearer nobody").await;
    server.send("GET /t/x HTTP/1.1\r\nauthorization: Bearer writer").await;
    assert_eq!(server.keys.denials(), []);
}

#[tokio::test]
async fn a_challenge_names_every_scheme_that_is_accepted() {
    let server = start().await;
    let dpop = r#"DPoP algs="ES256""#;
    for (path, expected) in [
        ("/t/x", vec![dpop, "Bearer"]),
        ("/d/x", vec![dpop]),
        // There is no scheme for cookies, and a 401 must name one.
        ("/c/x", vec!["Bearer"]),
    ] {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.headers("www-authenticate")), (401, expected), "{path}");
    }
}

#[tokio::test]
async fn a_challenge_says_what_was_wrong_with_a_token() {
    let server = start().await;
    for token in ["Bearer nobody", "DPoP nobody"] {
        let reply = server.send(&format!("GET /t/x HTTP/1.1\r\nauthorization: {token}")).await;
        let expected = [r#"DPoP error="invalid_token", algs="ES256""#, r#"Bearer error="invalid_token""#];
        assert_eq!((reply.status, reply.headers("www-authenticate")), (401, expected.to_vec()));
    }
    let nonce = r#"DPoP error="use_dpop_nonce", algs="ES256""#;
    assert_eq!(server.get("/t/nonce").await.headers("www-authenticate"), [nonce, "Bearer"]);
    let reply = server.get("/d/nonce").await;
    assert_eq!(reply.headers("www-authenticate"), [nonce]);
    assert_eq!(reply.json(), json!({ "error": "use_dpop_nonce", "message": "Use this nonce" }));
}

#[tokio::test]
async fn a_challenge_of_the_handler_stands_alone() {
    assert_eq!(start().await.get("/t/own-words").await.headers("www-authenticate"), ["Basic"]);
}
