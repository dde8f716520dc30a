//! Whose wish it is that comes back.

use accounts::{Purpose, Vault, VaultConfig};
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use super::{Scene, on_each};
use crate::site::{Person, Site, vault};

/// A state as this server makes them, of another time or under another secret.
fn made(vault: &Vault, purpose: Purpose, account: &str, expires_at: i64) -> String {
    let content = json!({ "account": account, "expires_at": expires_at }).to_string();
    BASE64URL_NOPAD.encode(&vault.seal(purpose, "state", content.as_bytes()).unwrap())
}

async fn is_refused(scene: &Scene, person: &Person, state: &str) {
    assert_eq!(scene.back(&[("code", "code"), ("state", state)]).await, "error=invalid_state", "{state}");
    assert_eq!(scene.profile(person).await["github"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_fresh_one_of_this_server_counts() {
    on_each(|scene| async move {
        let ann = scene.site.person().await;
        let id = ann.id().await;
        scene.github.knows("code", 7, "ann", "none");
        let now = clock::now_micros();
        let later = now + 60_000_000;
        let foreign = VaultConfig {
            data_dir: "/nonexistent".as_ref(),
            master_secret: Some("the master secret of a server elsewhere"),
            token_encryption_key: None,
        };
        let foreign = Vault::open(&foreign).unwrap();
        let states = [
            String::new(),
            "x".to_owned(),
            "\0".to_owned(),
            ann.token.clone(),
            made(&vault(), Purpose::GITHUB_STATES, &id, now),
            made(&vault(), Purpose::SYNC_TOKENS, &id, later),
            made(&foreign, Purpose::GITHUB_STATES, &id, later),
            made(&vault(), Purpose::GITHUB_STATES, "nobody", later),
        ];
        let known = states.len() - 1;
        for state in &states[..known] {
            is_refused(&scene, &ann, state).await;
        }
        assert_eq!(scene.back(&[("code", "code")]).await, "error=invalid_state");
        assert_eq!(scene.back(&[]).await, "error=invalid_state");
        assert_eq!(scene.github.asked(), [""; 0], "GitHub is not even asked");
        is_refused(&scene, &ann, &states[known]).await;
        let twice = format!("/v1/connect/github/callback?state={id}&state={id}&code=%ff");
        let answer = scene.site.client.get(&twice).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (302, "https://app.example/?error=invalid_state")
        );
        let state = made(&vault(), Purpose::GITHUB_STATES, &id, later);
        assert_eq!(scene.back(&[("code", "code"), ("state", &state)]).await, "github=connected&user=ann");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_good_once_whatever_came_of_it() {
    on_each(|scene| async move {
        let ann = scene.site.person().await;
        scene.github.knows("code", 7, "ann", "none");
        let refused = scene.state(&ann).await;
        let denial = [("error", "access_denied"), ("error_description", "x"), ("state", refused.as_str())];
        assert_eq!(scene.back(&denial).await, "error=access_denied");
        is_refused(&scene, &ann, &refused).await;
        let used = scene.state(&ann).await;
        assert_eq!(scene.back(&[("code", "code"), ("state", &used)]).await, "github=connected&user=ann");
        ann.http.delete("/v1/connect/github").await.expect(200);
        is_refused(&scene, &ann, &used).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_no_token_and_is_for_its_account_alone() {
    on_each(|scene| async move {
        let (ann, bob) = (scene.site.person().await, scene.site.person().await);
        scene.github.knows("code", 7, "ann", "none");
        let state = scene.state(&ann).await;
        let answer = scene.site.client.with_bearer(&state).get("/v1/account/profile").await;
        assert_eq!(answer.expect(401), json!({ "error": "Invalid token" }));
        // Whoever's browser brings it.
        scene.back(&[("code", "code"), ("state", &state)]).await;
        assert_eq!(scene.profile(&ann).await["username"], "ann");
        assert_eq!(scene.profile(&bob).await["github"], json!(null));
        let state = scene.state(&ann).await;
        ann.http.delete(&format!("/v1/account?confirm={}", ann.id().await)).await.expect(200);
        assert_eq!(scene.back(&[("code", "code"), ("state", &state)]).await, "error=invalid_state");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_configuration_nobody_is_sent_anywhere() {
    crate::site::on_each_site(|site: Site| async move {
        let ann = site.person().await;
        let answer = ann.http.get("/v1/connect/github/params").await;
        assert_eq!(answer.expect(400), json!({ "error": "GitHub OAuth not configured" }));
        assert_eq!(super::back(&site, &[("code", "c"), ("state", "s")]).await, "error=server_config");
        assert_eq!(ann.http.delete("/v1/connect/github").await.expect(200), json!({ "success": true }));
    })
    .await;
}
