//! `/admin/domains`.

use serde_json::{Value, json};

use super::people::key;
use crate::clients::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_is_added_promoted_and_removed() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        let listed = http.get("/admin/domains").await.expect(200);
        let first = listed[0]["id"].as_str().unwrap().to_owned();
        assert_eq!((&listed[0]["url"], &listed[0]["is_primary"]), (&json!(site.origin), &json!(true)));

        let added =
            http.post("/admin/domains", &json!({ "url": "https://App.example.com/" })).await.expect(201);
        let id = added["id"].as_str().unwrap().to_owned();
        assert_eq!((&added["url"], &added["is_primary"]), (&json!("https://app.example.com"), &json!(false)));
        assert!(added["created_at"].as_str().unwrap().ends_with('Z') && added["updated_at"].is_string());
        assert_eq!(added.as_object().unwrap().len(), 5);
        assert!(site.accounts.domains.has_origin("https://app.example.com"), "in effect at once");

        assert_eq!(
            http.post(&format!("/admin/domains/{id}/primary"), &json!({})).await.expect(204),
            Value::Null
        );
        let listed = http.get("/admin/domains").await.expect(200);
        let primary =
            |n: usize| (listed[n]["id"].as_str().unwrap(), listed[n]["is_primary"].as_bool().unwrap());
        assert_eq!((primary(0), primary(1)), ((&*id, true), (&*first, false)));

        let error = http.delete(&format!("/admin/domains/{id}")).await.expect(400);
        assert_eq!(error["error"], "the primary domain cannot be removed; make another one primary first");
        drop(http.post(&format!("/admin/domains/{first}/primary"), &json!({})).await.expect(204));
        assert_eq!(http.delete(&format!("/admin/domains/{id}")).await.expect(204), Value::Null);
        assert!(!site.accounts.domains.has_origin("https://app.example.com"));
        drop(http.delete(&format!("/admin/domains/{id}")).await.expect(404));
        drop(http.post(&format!("/admin/domains/{id}/primary"), &json!({})).await.expect(404));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_domain_is_400() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        for url in
            ["app.example.com", "https://app.example.com/path", "ftp://app.example.com", "", &site.origin]
        {
            let error = http.post("/admin/domains", &json!({ "url": url })).await.expect(400);
            assert!(error["error"].is_string(), "{url}");
        }
        assert_eq!(http.post("/admin/domains", &json!({})).await.status, 422);
        assert_eq!(http.get("/admin/domains").await.expect(200).as_array().unwrap().len(), 1);
    })
    .await;
}
