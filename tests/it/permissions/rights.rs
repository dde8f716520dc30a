//! Rights that are given and taken away, and secrets that nobody has a right to.

use serde_json::{Value, json};
use testkit::network::Account;
use testkit::{Answer, Belvedere, Browser, HttpClient, NetworkOptions, TestDatabase};

use crate::scene::Scene;
use crate::wait::{PATIENCE, until};

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_those_of_the_moment() {
    let options = NetworkOptions { accounts: 2, ..NetworkOptions::default() };
    let Some(scene) = Scene::with(TestDatabase::sqlite(), options).await else { return };
    let server = scene.place.start().await;
    let [root, user] = scene.network.accounts().await.try_into().unwrap();
    let house = House { root: signed_in(&scene, &server, &root).await, scene: &scene, server: &server };
    house.keys_of_the_super_user_hold_what_they_list().await;
    let id = house.adds(&user).await;
    house.keys_follow_their_owner(&user, &id).await;
    house.nobody_gives_what_they_lack(&user, &id).await;
    house.denials_are_recorded(&id).await;
    house.settings_show_no_secrets().await;
}

async fn signed_in(scene: &Scene, server: &Belvedere, account: &Account) -> HttpClient {
    let browser = Browser::new(&server.client);
    let end = browser.sign_in(&scene.network, account, "atproto").await;
    assert_eq!(end, format!("{}/dashboard/", server.url()));
    browser.http()
}

fn misses(permission: &str, answer: &Answer) {
    let message = format!("Missing permission: {permission}");
    assert_eq!(answer.expect(403), json!({ "error": "InsufficientPermissions", "message": message }));
}

struct House<'s> {
    scene: &'s Scene,
    server: &'s Belvedere,
    /// The super user, in a browser.
    root: HttpClient,
}

impl House<'_> {
    /// Makes a key as somebody.
    async fn key(&self, owner: &HttpClient, permissions: &[&str]) -> HttpClient {
        let request = json!({ "name": "test", "permissions": permissions });
        let made = owner.post("/admin/api-keys", &request).await.expect(201);
        assert_eq!(made["permissions"].as_array().unwrap().len(), permissions.len());
        self.server.client.with_bearer(made["key"].as_str().unwrap())
    }

    async fn keys_of_the_super_user_hold_what_they_list(&self) {
        assert_eq!(self.root.get("/admin/lexicons").await.status, 200, "in person, everything");
        let key = self.key(&self.root, &["stats:read"]).await;
        assert_eq!(key.get("/admin/stats").await.status, 200);
        misses("lexicons:read", &key.get("/admin/lexicons").await);
        let nothing = self.key(&self.root, &[]).await;
        misses("stats:read", &nothing.get("/admin/stats").await);
        // What only the super user may, none of its keys may.
        let full =
            self.key(&self.root, &["users:read", "users:create", "users:update", "users:delete"]).await;
        let users = full.get("/admin/users").await.expect(200);
        let id = users[0]["id"].as_str().unwrap();
        let transfer = json!({ "target_user_id": id });
        assert_eq!(full.post("/admin/users/transfer-super", &transfer).await.status, 403);
    }

    /// Makes somebody a user who may look at lexicons and statistics and make keys.
    async fn adds(&self, user: &Account) -> String {
        let permissions = ["lexicons:read", "stats:read", "api-keys:create", "users:update"];
        let request = json!({ "did": user.did, "permissions": permissions });
        let added = self.root.post("/admin/users", &request).await.expect(201);
        assert_eq!((&added["did"], &added["is_super"]), (&json!(user.did), &json!(false)));
        assert_eq!(self.root.post("/admin/users", &request).await.status, 409);
        added["id"].as_str().unwrap().to_owned()
    }

    async fn keys_follow_their_owner(&self, user: &Account, id: &str) {
        let browser = signed_in(self.scene, self.server, user).await;
        let key = self.key(&browser, &["lexicons:read", "stats:read"]).await;
        for caller in [&browser, &key] {
            assert_eq!(caller.get("/admin/lexicons").await.status, 200);
            assert_eq!(caller.get("/admin/stats").await.status, 200);
        }
        let permissions = format!("/admin/users/{id}/permissions");
        let changed =
            self.root.patch(&permissions, &json!({ "revoke": ["lexicons:read"] })).await.expect(200);
        assert!(!changed["permissions"].to_string().contains("lexicons:read"), "{changed}");
        for caller in [&browser, &key] {
            misses("lexicons:read", &caller.get("/admin/lexicons").await);
            assert_eq!(caller.get("/admin/stats").await.status, 200);
        }
        drop(self.root.patch(&permissions, &json!({ "grant": ["lexicons:read"] })).await.expect(200));
        assert_eq!(key.get("/admin/lexicons").await.status, 200, "and what comes back, comes back");
    }

    async fn nobody_gives_what_they_lack(&self, user: &Account, id: &str) {
        let browser = signed_in(self.scene, self.server, user).await;
        let more = json!({ "name": "more", "permissions": ["records:delete"] });
        assert_eq!(browser.post("/admin/api-keys", &more).await.status, 403);
        let themselves = json!({ "grant": ["records:delete"] });
        assert_eq!(browser.patch(&format!("/admin/users/{id}/permissions"), &themselves).await.status, 403);
        let unknown = json!({ "name": "unknown", "permissions": ["records:destroy"] });
        assert_eq!(browser.post("/admin/api-keys", &unknown).await.status, 400);

        let key = self.key(&browser, &["stats:read"]).await;
        assert_eq!(self.root.delete(&format!("/admin/users/{id}")).await.status, 204);
        assert_eq!(key.get("/admin/stats").await.status, 401, "a key goes with its owner");
        assert_eq!(browser.get("/admin/stats").await.status, 403, "who is no user may nothing");
        assert_eq!(browser.get("/auth/me").await.expect(200)["is_admin"], false);
    }

    async fn denials_are_recorded(&self, id: &str) {
        let detail = json!({ "required_permission": "lexicons:read", "user_id": id });
        let of_user = |event: &Value| event["detail"] == detail && event["subject"] == "/admin/lexicons";
        // Events are written a moment later.
        until("the denials are in the log", PATIENCE, async || {
            let events = self.root.get("/admin/events?event_type=auth.permission_denied").await.expect(200);
            let denials = events["events"].as_array().unwrap().iter().filter(|event| of_user(event));
            let denials: Vec<_> = denials.map(|event| &event["severity"]).collect();
            (denials == ["error", "error"]).then_some(())
        })
        .await;
    }

    async fn settings_show_no_secrets(&self) {
        let put = json!({ "value": "A view" });
        assert_eq!(self.root.put("/admin/settings/app_name", &put).await.status, 204);
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        let boundary = "boundary-of-the-test";
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"logo.svg\"\r\n\
             Content-Type: image/svg+xml\r\n\r\n{svg}\r\n--{boundary}--\r\n"
        );
        let request = self.root.request(reqwest::Method::PUT, "/admin/settings/logo").body(body);
        let request = request.header("content-type", format!("multipart/form-data; boundary={boundary}"));
        assert_eq!(self.root.send(request).await.status, 204);
        let logo = self.server.client.get("/settings/logo").await;
        assert_eq!((logo.status, &*logo.text), (200, svg));
        assert_eq!(logo.header("x-content-type-options"), "nosniff");
        assert!(logo.header("content-security-policy").contains("sandbox"));

        let settings = self.root.get("/admin/settings").await.expect(200);
        let listed: Vec<&Value> =
            settings.as_array().unwrap().iter().map(|setting| &setting["key"]).collect();
        assert!(listed.contains(&&json!("app_name")), "{settings}");
        let internal = ["logo_data", "attestation_private_key", "jetstream_cursor", "xrpc_proxy_config"];
        for key in internal {
            assert!(!listed.contains(&&json!(key)), "{settings}");
            let answer = self.root.put(&format!("/admin/settings/{key}"), &put).await;
            assert!(matches!(answer.status, 400 | 403), "{key}: {answer:?}");
        }
        let secrets = ["the master secret", "<svg", "PHN2Zw", "hv_", "hvs_"];
        assert!(secrets.iter().all(|secret| !settings.to_string().contains(secret)), "{settings}");
    }
}
