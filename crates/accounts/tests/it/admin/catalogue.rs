//! `GET /admin/permissions` and `GET /admin/feature-flags`.

use serde_json::{Value, json};

use super::people::key;
use crate::clients::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_granted_is_listed_without_what_is_not_here() {
    on_each_site(async |site| {
        let http = key(&site, &["users:read"]).await;
        let listed = http.get("/admin/permissions").await.expect(200);
        let permissions = listed["permissions"].as_array().unwrap();
        assert_eq!(permissions.len(), 38, "46 without those of spaces");
        assert_eq!(permissions[0]["key"], "lexicons:create");
        assert!(permissions.iter().all(|permission| {
            let fields = ["key", "name", "description", "category"];
            permission.as_object().unwrap().len() == 4
                && fields.iter().all(|field| permission[field].as_str().is_some_and(|text| !text.is_empty()))
        }));
        let templates: Vec<_> = listed["templates"].as_array().unwrap().iter().collect();
        let summary = |template: &Value| {
            let count = template["permissions"].as_array().unwrap().len();
            json!([template["key"], template["label"], count])
        };
        let expected = json!([
            ["viewer", "Viewer", 10],
            ["operator", "Operator", 14],
            ["manager", "Manager", 31],
            ["full_access", "Full Access", 38],
        ]);
        assert_eq!(json!(templates.into_iter().map(summary).collect::<Vec<_>>()), expected);
        assert!(!listed.to_string().contains("spaces:"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flag_of_spaces_is_off_and_stays_off() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        let path = "/admin/settings/feature.spaces_enabled";
        let error = http.put(path, &json!({ "value": "true" })).await.expect(400);
        let message = "feature.spaces_enabled: the value must be false: permissioned spaces are not part of this server";
        assert_eq!(error, json!({ "error": message }));
        drop(http.put(path, &json!({ "value": "false" })).await.expect(204));
        let flags = http.get("/admin/feature-flags").await.expect(200);
        let [flag] = &flags.as_array().unwrap()[..] else { panic!("{flags}") };
        assert_eq!(
            (&flag["key"], &flag["name"], &flag["enabled"]),
            (&json!("feature.spaces_enabled"), &json!("Permissioned Spaces"), &json!(false))
        );
        assert!(flag["description"].is_string());
    })
    .await;
}
