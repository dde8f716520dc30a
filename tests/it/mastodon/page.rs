//! The page on which somebody lets an app in, in a browser.

use std::process::Command;

use serde_json::{Value, json};
use testkit::TestDatabase;

use super::instance::{Instance, folder, password};
use crate::clients::programs;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_in_a_browser() {
    let Some(browser) = programs::browser().filter(|_| programs::are_installed()) else { return };
    let instance = Instance::start(TestDatabase::sqlite()).await;
    instance.register("alice").await;
    let app = instance.app("read write").await;
    let given = json!({
        "server": instance.url(), "clientId": app["client_id"], "name": "alice", "password": password("alice"),
        "browser": browser,
    });
    let mut page = Command::new("node");
    page.current_dir(folder()).args(["page.mjs", &given.to_string()]);
    let output = tokio::task::spawn_blocking(move || page.output().unwrap()).await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen["title"], "Let an app in?");
    assert!(seen["alert"].as_str().unwrap().contains("password is wrong"), "{seen}");
    assert_eq!(seen["complaints"], json!([]));
    let code = json!({ "grant_type": "authorization_code", "code": seen["code"] });
    instance.exchange(&app, &code).await.expect(200);
}
