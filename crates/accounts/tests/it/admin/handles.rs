//! Users are added by their handle, too: one that the account itself uses.

use accounts::Actor;
use axum::{Json, Router, routing::get};
use http::{HeaderMap, StatusCode, header::HOST};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    service::site::{Shared, Site},
    support::on_each_engine,
};

/// A host whose account uses `honest.test`; `liar.test` points there, too.
async fn start_host() -> (u16, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let did = format!("did:web:localhost%3A{port}");
    let document: Value = json!({ "id": did, "alsoKnownAs": ["at://honest.test"] });
    let (pointed_to, its_document) = (did.clone(), document);
    let named = async move |headers: HeaderMap| match headers[HOST].to_str().unwrap() {
        "honest.test" | "liar.test" => Ok(pointed_to),
        "broken.test" => Err(StatusCode::INTERNAL_SERVER_ERROR),
        _ => Err(StatusCode::NOT_FOUND),
    };
    let router = Router::new()
        .route("/.well-known/atproto-did", get(named))
        .route("/.well-known/did.json", get(async move || Json(its_document)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (port, did)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_counts_if_it_leads_there_and_back() {
    on_each_engine(async |store| {
        let (port, did) = start_host().await;
        let handles = format!("http://127.0.0.1:{port}").parse().unwrap();
        let site = Site::instance(&Shared::new(&store).handles(handles)).await;
        let key = site.accounts.keys.create(&Actor::LocalOperator, "test", &["users:create"]).await.unwrap();
        let http = site.anyone.with_bearer(&key.key);
        let add = async |name: &str| http.post("/admin/users", &json!({ "did": name })).await;

        let refused = add("liar.test").await.expect(400);
        let message = "did: liar.test points to an account that does not use this handle";
        assert_eq!(refused, json!({ "error": message }));
        let unknown = add("nobody.test").await.expect(400);
        assert!(unknown["error"].as_str().unwrap().starts_with("nobody.test names no account"), "{unknown}");
        drop(add("broken.test").await.expect(502));

        assert_eq!(add("@Honest.test").await.expect(201)["did"], json!(did));
        drop(add("honest.test").await.expect(409));
        drop(add(&did).await.expect(409));
    })
    .await;
}
