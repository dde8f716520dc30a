//! What the relay is given by its settings.

use std::fs;

use serde_json::json;
use testkit::relay::log_in;
use testkit::{Belvedere, BelvedereOptions, databases};

use crate::place::{Place, bare, outcome};

fn both_apps(place: &Place) -> BelvedereOptions {
    let options = BelvedereOptions::new(place.path()).with("DATABASE_URL", &place.database.url());
    options.with("APPS", "appview,sync").with("JETSTREAM_URL", "wss://nowhere.invalid")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_root_shows_the_web_app_and_everything_else_stays() {
    for database in databases().await {
        let place = Place::on(database);
        let dir = place.path().join("web");
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("index.html"), "<head></head>app").unwrap();
        let options = both_apps(&place).with("HAPPY_STATIC_DIR", dir.to_str().unwrap());
        let options = options.with("HAPPY_INJECT_HTML_CONFIG", r#"{"disableAnalytics":true}"#);
        let server = Belvedere::start(&options).await;
        let app = server.client.get("/").await;
        let config = format!(r#"= {{"disableAnalytics":true,"serverUrl":"{}"}};<"#, server.url());
        assert!(app.status == 200 && app.text.contains(&config), "{}", app.text);
        assert_eq!(server.client.get("/settings/account").await.text, app.text);
        for (path, status) in [
            ("/login", 200),
            ("/dashboard/", 200),
            ("/settings/logo", 404),
            ("/config", 200),
            ("/admin/stats", 401),
            ("/v1/sessions", 401),
            ("/.well-known/did.json", 404),
            ("/health", 200),
        ] {
            let answer = server.client.get(path).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.text);
            assert_ne!(answer.text, app.text, "{path}");
        }
        server.terminate().await;
    }
}

#[test]
fn a_folder_without_the_app_is_a_mistake() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = bare(dir.path());
    command.args(["serve", "--apps=sync", "--port=0", "--sync-web-dir=."]);
    let outcome = outcome(&mut command);
    assert_ne!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.contains("sync_web_dir: . has no index.html; name the folder"), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_vendors_are_used() {
    for database in databases().await {
        let place = Place::on(database);
        let options = both_apps(&place);
        let wanted = json!({ "agentId": "agent" });
        let without = Belvedere::start(&options).await;
        let ann = without.client.with_bearer(&log_in(&without.client).await);
        let refused = ann.post("/v1/voice/conversations", &wanted).await.expect(500);
        assert_eq!(refused, json!({ "error": "ELEVENLABS_API_KEY not configured" }));
        without.terminate().await;
        // The guard lets nobody through to where these are.
        let options = options.with("ELEVENLABS_URL", "http://127.0.0.1:1");
        let options =
            options.with("ELEVENLABS_API_KEY", "hidden-key").with("REVENUECAT_API_KEY", "hidden-key");
        let with = Belvedere::start(&options).await;
        let ann = with.client.with_bearer(&log_in(&with.client).await);
        let refused = ann.post("/v1/voice/conversations", &wanted).await.expect(500);
        assert_eq!(refused, json!({ "error": "Failed to get voice credentials" }));
        let log = with.log();
        assert!(log.iter().any(|line| line.contains("voice")), "{log:?}");
        assert!(!log.iter().any(|line| line.contains("hidden")), "{log:?}");
        with.terminate().await;
    }
}

#[test]
fn keys_of_vendors_are_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    for key in ["hidden", "hidden key"] {
        let mut command = bare(dir.path());
        command.env("ELEVENLABS_API_KEY", key).env("REVENUECAT_API_KEY", key).args(["config", "--json"]);
        let outcome = outcome(&mut command);
        assert!(!format!("{outcome:?}").contains("hidden"), "{outcome:?}");
        assert_eq!(outcome.code == Some(0), key == "hidden", "{outcome:?}");
    }
}
