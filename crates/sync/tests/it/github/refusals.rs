//! GitHub does not answer as it should.

use std::time::Duration;

use http::StatusCode;
use outbound::Policy;
use serde_json::json;
use testkit::on_each_engine;
use tokio::net::TcpListener;
use url::Url;

use super::stand_in::StandIn;
use super::{Scene, configured, on_each, outbound};
use crate::site::{Site, parts};

#[tokio::test(flavor = "multi_thread")]
async fn its_words_are_passed_on_and_nothing_else_is() {
    on_each(|scene| async move {
        let ann = scene.site.person().await;
        assert_eq!(scene.connect(&ann, "stolen").await, "error=bad_verification_code");
        for (word, told) in [
            ("redirect_uri_mismatch", "redirect_uri_mismatch"),
            ("<script>", "server_error"),
            ("a b", "server_error"),
            ("", "server_error"),
            (&"x".repeat(65), "server_error"),
        ] {
            scene.github.answers_instead(StatusCode::OK, &json!({ "error": word }).to_string());
            assert_eq!(scene.connect(&ann, "code").await, format!("error={told}"));
            let state = scene.state(&ann).await;
            let brought = [("error", word), ("code", "c"), ("state", state.as_str())];
            assert_eq!(scene.back(&brought).await, format!("error={told}"));
        }
        assert_eq!(scene.profile(&ann).await["github"], json!(null));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_none_connects_nobody() {
    on_each(|scene| async move {
        let ann = scene.site.person().await;
        for (status, body) in [
            (StatusCode::INTERNAL_SERVER_ERROR, "{}".to_owned()),
            (StatusCode::OK, "<html>".to_owned()),
            (StatusCode::OK, "{}".to_owned()),
            (StatusCode::OK, json!({ "access_token": "" }).to_string()),
            (StatusCode::OK, json!({ "access_token": "a\nb" }).to_string()),
            (StatusCode::OK, json!({ "access_token": "x".repeat(70_000) }).to_string()),
        ] {
            scene.github.answers_instead(status, &body);
            assert_eq!(scene.connect(&ann, "code").await, "error=server_error", "{status} {body:.40}");
        }
        // Both are answered so: the one takes it for a token, and the other says nobody.
        for (status, body) in [
            (StatusCode::OK, json!({ "access_token": "gho_x" })),
            (StatusCode::OK, json!({ "access_token": "gho_x", "id": 7 })),
            (StatusCode::OK, json!({ "access_token": "gho_x", "id": "7", "login": "ann" })),
            (StatusCode::OK, json!({ "access_token": "gho_x", "id": 7, "login": "a\0b" })),
        ] {
            scene.github.answers_instead(status, &body.to_string());
            assert_eq!(
                scene.connect(&ann, "code").await,
                "error=github_user_fetch_failed",
                "{status} {body}"
            );
        }
        assert_eq!((scene.profile(&ann).await["github"].clone(), scene.told(&ann).await), (json!(null), 0));
    })
    .await;
}

/// A relay that has somewhere else to go.
async fn elsewhere(store: store::Store, url: Url, policy: Policy, patience: Duration) -> Scene {
    let github = StandIn::start().await;
    let app = sync::OAuthApp { url, ..github.app(outbound(policy, patience)) };
    Scene { site: Site::of(configured(parts(store), app)).await, github }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_not_waited_for() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let patience = Duration::from_millis(300);
        let silent = StandIn::start().await;
        silent.falls_silent();
        let scene = elsewhere(store.clone(), silent.url.clone(), Policy::development(), patience).await;
        let ann = scene.site.person().await;
        assert_eq!(scene.connect(&ann, "code").await, "error=server_error");
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let url = Url::parse(&format!("http://{closed}")).unwrap();
        let scene = elsewhere(store.clone(), url, Policy::development(), patience).await;
        assert_eq!(scene.connect(&ann.at(&scene.site), "code").await, "error=server_error");
        // What leads inside is not gone to, unless the operator has named it.
        let inside = StandIn::start().await;
        inside.knows("code", 7, "ann", "none");
        let patience = Duration::from_secs(20);
        let scene = elsewhere(store.clone(), inside.url.clone(), Policy::public_only(), patience).await;
        assert_eq!(scene.connect(&ann.at(&scene.site), "code").await, "error=server_error");
        assert_eq!(inside.asked(), [""; 0]);
        let named = format!("127.0.0.1:{}", inside.url.port().unwrap()).parse().unwrap();
        let policy = Policy { allow_hosts: vec![named], ..Policy::public_only() };
        let scene = elsewhere(store, inside.url.clone(), policy, patience).await;
        assert_eq!(scene.connect(&ann.at(&scene.site), "code").await, "github=connected&user=ann");
    })
    .await;
}
