//! Features that are not here say so.

use reqwest::Method;
use serde_json::json;

use super::people::{full_key, key};
use crate::clients::site::on_each_site;

const PLUGINS: [(&str, &str, &str); 9] = [
    ("GET", "/admin/plugins", "plugins:read"),
    ("POST", "/admin/plugins", "plugins:create"),
    ("POST", "/admin/plugins/preview", "plugins:read"),
    ("GET", "/admin/plugins/official", "plugins:read"),
    ("DELETE", "/admin/plugins/steam", "plugins:delete"),
    ("POST", "/admin/plugins/steam/reload", "plugins:create"),
    ("POST", "/admin/plugins/steam/check-update", "plugins:read"),
    ("GET", "/admin/plugins/steam/secrets", "plugins:read"),
    ("PUT", "/admin/plugins/steam/secrets", "plugins:create"),
];

#[tokio::test(flavor = "multi_thread")]
async fn plugins_are_disabled_for_those_who_may_and_forbidden_to_others() {
    on_each_site(async |site| {
        let (may, may_not) = (full_key(&site).await, key(&site, &["users:read"]).await);
        for (method, path, permission) in PLUGINS {
            let method: Method = method.parse().unwrap();
            let call = async |http: &testkit::HttpClient| http.send(http.request(method.clone(), path)).await;
            let disabled = json!({ "error": "FeatureDisabled", "message": "This server runs no plugins" });
            assert_eq!(call(&may).await.expect(404), disabled, "{method} {path}");
            let message = format!("Missing permission: {permission}");
            assert_eq!(call(&may_not).await.expect(403)["message"], message, "{method} {path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn external_accounts_are_disabled_for_everybody() {
    on_each_site(async |site| {
        let disabled =
            json!({ "error": "FeatureDisabled", "message": "This server links no external accounts" });
        for path in [
            "/external-auth/providers",
            "/external-auth/accounts",
            "/external-auth/steam/authorize?redirect_uri=x",
        ] {
            assert_eq!(site.http.get(path).await.expect(404), disabled, "{path}");
        }
        for path in
            ["/external-auth/steam/connect", "/external-auth/steam/sync", "/external-auth/steam/unlink"]
        {
            assert_eq!(site.http.post(path, &json!({})).await.expect(404), disabled, "{path}");
        }
    })
    .await;
}
