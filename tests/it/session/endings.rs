//! Sessions end: at the PDS, by time, by signing out, with their app.

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use testkit::network::Fault;
use testkit::{App, Browser};

use super::Story;
use crate::people::SCOPES;
use crate::wait::until;

/// What somebody else changed in the database is noticed within two seconds; the rest is for a busy machine.
const SOON: Duration = Duration::from_secs(4);

impl Story<'_> {
    pub(super) async fn what_ends_at_the_pds_ends_here(&self) {
        let device = self.public.sign_in(&self.scene.network, &self.alice).await;
        assert_eq!(Self::try_write(&device, "before").await, 200);
        let token = device.refresh_token.as_deref().unwrap();
        self.public.oauth.revoke(&self.alice, &device.key, token).await;
        // Tokens that are younger are not suspected.
        let sql = "UPDATE pds_sessions SET updated_at = updated_at - 60000000 WHERE id = $1";
        self.sql(sql, &device.session_id).await;
        let refused = device.post("/xrpc/dev.belvedere.demo.createPost", &json!({ "text": "after" })).await;
        assert!(refused.expect(401)["error"].is_string());
        let listed = self.phone.get(&format!("/oauth/sessions/{}/devices", self.alice.did)).await.expect(200);
        assert!(!listed.to_string().contains(&device.session_id), "{listed}");
        until("nothing is left of it", SOON, async || (!self.is_signed_in(&device).await).then_some(()))
            .await;
        assert!(self.is_signed_in(&self.phone).await, "the others go on");
    }

    pub(super) async fn browser_sessions_expire(&self) {
        let browser = Browser::new(&self.server.client);
        browser.sign_in(&self.scene.network, &self.operator.0, "atproto").await;
        let cookies = browser.cookies();
        assert_eq!(browser.get("/auth/me").await.status, 200);
        self.sql("UPDATE browser_sessions SET expires_at = 1 WHERE id = $1", &self.newest_browser().await)
            .await;
        let cookie = self.server.client.with_header("cookie", &cookies);
        until("the cookie has expired", SOON, async || {
            (cookie.get("/auth/me").await.status == 401).then_some(())
        })
        .await;
        assert_eq!(cookie.get("/admin/users").await.status, 401);
        assert_eq!(self.operator.1.get("/auth/me").await.status, 200, "another browser is another session");
    }

    pub(super) async fn signing_out_is_for_good(&self) {
        let network = &self.scene.network;
        let browser = Browser::new(&self.server.client);
        browser.sign_in(network, &self.operator.0, SCOPES).await;
        let stolen = self.server.client.with_header("cookie", &browser.cookies());
        assert_eq!(stolen.get("/auth/me").await.status, 200);
        let revocations = network.set_fault(&Fault::at("pds", "POST /oauth/revoke")).await;
        let foreign = stolen.with_header("origin", "https://evil.example");
        assert_eq!(foreign.post("/auth/logout", &Value::Null).await.status, 403, "a page of another site");
        assert_eq!(stolen.get("/auth/me").await.status, 200);
        let out = browser.post("/auth/logout").await;
        assert_eq!((out.status, &*out.text), (200, ""));
        assert_eq!(network.fault_hits(revocations).await, 1);
        network.clear_fault(revocations).await;
        assert!(!browser.cookies().contains("happyview_session"));
        assert_eq!(stolen.get("/auth/me").await.status, 401);
        assert_eq!(stolen.get("/admin/users").await.status, 401);
        assert_eq!(self.operator.1.get("/auth/me").await.status, 200);
    }

    pub(super) async fn an_app_that_is_removed_takes_everything_along(&self) {
        let child = json!({
            "name": "child", "clientIdUrl": "https://child.example.com/client.json",
            "clientUri": "https://child.example.com", "redirectUris": ["https://child.example.com/callback"],
        });
        let made = self.phone.post("/xrpc/dev.happyview.createApiClient", &child).await.expect(201);
        let (key, secret) = (made["client"]["clientKey"].as_str().unwrap(), made["clientSecret"].as_str());
        let child = App::new(self.server.url(), &self.server.client, key, secret);
        child.provision().await;
        let query = format!("/xrpc/{}", crate::samples::list_of(crate::samples::POST));
        assert_eq!(child.http.get(&query).await.status, 200);

        let admin = self.admin();
        let limit = json!({ "rate_limit_capacity": 2, "rate_limit_refill_rate": 0.001 });
        assert_eq!(admin.put(&format!("/admin/api-clients/{}", self.public.id), &limit).await.status, 204);
        let statuses = [(); 3].map(|()| self.public.app.named.get(&query));
        let statuses: Vec<u16> = join_all(statuses).await.iter().map(|answer| answer.status).collect();
        assert!(statuses.contains(&429), "a limit is in effect at once: {statuses:?}");
        assert_eq!(admin.delete(&format!("/admin/api-clients/{}", self.public.id)).await.status, 204);
        for device in [&self.phone, &self.laptop] {
            assert_eq!(device.get(&query).await.expect(401)["error"], "Invalid client");
            assert_eq!(Self::try_write(device, "too late").await, 401);
        }
        for gone in [&self.public.app, &child] {
            assert_eq!(gone.http.get(&query).await.expect(401)["error"], "Invalid client");
            assert_eq!(gone.http.post("/oauth/dpop-keys", &json!({})).await.status, 401);
        }
        let left = admin.get("/admin/api-clients").await.expect(200);
        let left: Vec<&Value> = left.as_array().unwrap().iter().map(|client| &client["id"]).collect();
        assert_eq!(left, [&json!(self.confidential.id)]);
    }

    /// The id of the browser session that began last.
    async fn newest_browser(&self) -> String {
        let store = self.scene.place.store().await;
        let sql = "SELECT id FROM browser_sessions ORDER BY created_at DESC LIMIT 1";
        let id =
            store.state.read(move |conn| conn.query_one::<_, store::Error>(sql, &[], |row| row.string(0)));
        id.await.unwrap()
    }
}
