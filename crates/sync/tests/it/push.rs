//! Devices are told through a push service.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use outbound::{Outbound, OutboundConfig, Policy};
use serde_json::{Value, json};
use sync::PushService;
use testkit::on_each_engine;
use tokio::net::TcpListener;
use url::Url;

use crate::site::{Person, Site};

/// What it was sent, and what it answers.
type Simulated = Arc<Mutex<(Vec<Value>, StatusCode, Value)>>;

async fn receive(State(simulated): State<Simulated>, Json(sent): Json<Value>) -> (StatusCode, Json<Value>) {
    let mut simulated = simulated.lock().unwrap();
    simulated.0.push(sent);
    (simulated.1, Json(simulated.2.clone()))
}

async fn service(policy: Policy) -> (Simulated, PushService) {
    let simulated: Simulated = Arc::new(Mutex::new((Vec::new(), StatusCode::OK, json!({ "data": [] }))));
    let router = Router::new().route("/send", post(receive)).with_state(simulated.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/send", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let outbound = Outbound::new(OutboundConfig { policy, ..OutboundConfig::default() }).unwrap();
    (simulated, PushService { outbound, url })
}

async fn push(person: &Person, session: &str, status: u16, data: Value) -> Value {
    let event = json!({ "kind": "done", "title": "t", "body": "b", "data": data });
    person.http.post(&format!("/v1/sessions/{session}/push-event"), &event).await.expect(status)
}

async fn devices(person: &Person, tokens: &[&str]) {
    for token in tokens {
        person.http.post("/v1/push-tokens", &json!({ "token": token })).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_told_and_those_that_are_gone_forgotten() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let (simulated, service) = service(Policy::development()).await;
        let site = Site::with_push(store, service).await;
        let (ann, bob) = (site.person().await, site.person().await);
        let session = ann.session("t").await;
        devices(&bob, &["bob's"]).await;
        let answer = push(&ann, &session, 200, json!({})).await;
        assert_eq!(answer, json!({ "success": true, "result": "no_tokens" }));
        devices(&ann, &["one", "two"]).await;
        simulated.lock().unwrap().2 = json!({ "data": [{ "status": "ok" }, { "status": "ok" }] });
        let answer = push(&ann, &session, 200, json!({ "sessionId": session, "x": 1 })).await;
        assert_eq!(answer, json!({ "success": true, "result": "sent", "tokens": 2 }));
        let sent = simulated.lock().unwrap().0.last().cloned().unwrap();
        let expected = json!({
            "to": sent[0]["to"], "title": "t", "body": "b", "sound": "default", "channelId": "messages",
            "data": { "sessionId": session, "x": 1, "kind": "done" },
        });
        assert_eq!((sent.as_array().unwrap().len(), &sent[0]), (2, &expected), "to nobody else's");
        let gone =
            json!({ "status": "error", "message": "m", "details": { "error": "DeviceNotRegistered" } });
        simulated.lock().unwrap().2 = json!({ "data": [{ "status": "ok" }, gone] });
        let answer = push(&ann, &session, 200, json!({})).await;
        let reason = "DeviceNotRegistered";
        assert_eq!(
            answer,
            json!({ "success": true, "result": "partial", "tokens": 2, "delivered": 1, "reason": reason })
        );
        let left = ann.http.get("/v1/push-tokens").await.expect(200);
        assert_eq!(left["tokens"].as_array().unwrap().len(), 1);
        push(&bob, &session, 404, json!({})).await;
        push(&ann, &session, 400, json!({ "x": "x".repeat(5000) })).await;
        let user = ann.socket().await;
        user.emit("app-state", &json!({ "state": "active" }));
        user.ask("ping", &Value::Null).await;
        let told = simulated.lock().unwrap().0.len();
        assert_eq!(push(&ann, &session, 200, json!({})).await["result"], "suppressed");
        assert_eq!(simulated.lock().unwrap().0.len(), told);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_fails_is_an_answer_too() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let (simulated, service) = service(Policy::development()).await;
        let site = Site::with_push(store.clone(), service).await;
        let person = site.person().await;
        let session = person.session("t").await;
        devices(&person, &["one"]).await;
        let failed = |reason: &str| json!({ "success": true, "result": "failed", "reason": reason });
        assert_eq!(push(&person, &session, 200, json!({})).await, failed("Unknown answer"));
        simulated.lock().unwrap().1 = StatusCode::BAD_REQUEST;
        assert_eq!(push(&person, &session, 200, json!({})).await, failed("HTTP 400"));
        // What leads inside is not gone to, whoever names it.
        let (_, guarded) = self::service(Policy::public_only()).await;
        let guarded = Site::with_push(store, guarded).await;
        let answer = push(&person.at(&guarded), &session, 200, json!({})).await;
        assert_eq!(answer, failed("Network error"));
        simulated.lock().unwrap().1 = StatusCode::OK;
        for _ in 0..60 {
            push(&person, &session, 200, json!({})).await;
        }
        let answer = push(&person, &session, 200, json!({})).await;
        assert_eq!(answer, failed("Too many notifications. Try again in a minute."));
    })
    .await;
}
