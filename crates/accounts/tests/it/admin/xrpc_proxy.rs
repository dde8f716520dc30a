//! `/admin/settings/xrpc-proxy` (spec/appview.md §8.6).

use accounts::settings::ProxyMode;
use atproto::Nsid;
use serde_json::{Value, json};

use super::people::key;
use crate::clients::site::on_each_site;

const PATH: &str = "/admin/settings/xrpc-proxy";

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_holds_as_soon_as_it_is_set() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        assert_eq!(http.get(PATH).await.expect(200), json!({ "mode": "open", "nsids": [] }));
        let (listed, other) =
            (Nsid::parse("app.bsky.feed.getTimeline").unwrap(), Nsid::parse("com.example.getFoo").unwrap());
        let patterns = json!(["app.bsky.*", "com.example.getBar"]);
        for (mode, kept, allowed) in [
            ("allowlist", &patterns, (true, false)),
            ("blocklist", &patterns, (false, true)),
            ("disabled", &json!([]), (false, false)),
            ("open", &json!([]), (true, true)),
        ] {
            let policy = json!({ "mode": mode, "nsids": patterns });
            assert_eq!(http.put(PATH, &policy).await.expect(204), Value::Null);
            assert_eq!(http.get(PATH).await.expect(200), json!({ "mode": mode, "nsids": kept }));
            let policy = &site.accounts.settings.current().proxy_policy;
            assert_eq!((policy.allows(&listed), policy.allows(&other)), allowed, "{mode}");
        }
        drop(http.put(PATH, &json!({ "mode": "disabled" })).await.expect(204));
        assert_eq!(site.accounts.settings.current().proxy_policy.mode, ProxyMode::Disabled);
        let told = site.told().await;
        let last = told.last().unwrap();
        assert_eq!((&*last.0, &*last.2), ("setting.updated", "xrpc_proxy_config"));
        assert_eq!(last.3, json!({ "value": { "mode": "disabled", "nsids": [] } }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_patterns_are_400_and_bad_modes_422() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        for pattern in ["*", "com.*", "com.example", "com.example.get*", "com..example.x", ""] {
            let error = http.put(PATH, &json!({ "mode": "allowlist", "nsids": [pattern] })).await.expect(400);
            assert!(error["error"].as_str().unwrap().contains(&format!("`{pattern}`")), "{error}");
        }
        for wrong in [
            json!({ "mode": "closed" }),
            json!({ "mode": "Open" }),
            json!({ "nsids": [] }),
            json!({ "mode": "open", "nsids": "app.bsky.*" }),
            json!({ "mode": "open", "nsids": [], "routing": "serviceproxy" }),
        ] {
            assert_eq!(http.put(PATH, &wrong).await.status, 422, "{wrong}");
        }
        assert_eq!(http.get(PATH).await.expect(200), json!({ "mode": "open", "nsids": [] }));
    })
    .await;
}
