//! `/admin/settings` (spec/appview.md §8.3, §10.1 row 30).

use serde_json::{Value, json};

use super::people::key;
use crate::clients::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_is_set_listed_and_taken_back() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        assert_eq!(http.get("/admin/settings").await.expect(200), json!([]));
        let path = "/admin/settings/app_name";
        assert_eq!(http.put(path, &json!({ "value": "Garden" })).await.expect(204), Value::Null);
        let listed = json!([{ "key": "app_name", "value": "Garden", "source": "database" }]);
        assert_eq!(http.get("/admin/settings").await.expect(200), listed);
        assert_eq!(site.accounts.settings.current().app_name.as_deref(), Some("Garden"));
        assert_eq!(http.delete(path).await.expect(204), Value::Null);
        drop(http.delete(path).await.expect(404));
        assert_eq!(site.accounts.settings.current().app_name, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_400_and_another_shape_422() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        let error =
            http.put("/admin/settings/backfill_concurrent_pds", &json!({ "value": "0" })).await.expect(400);
        let message = "backfill_concurrent_pds: the value must be a whole number from 1 to 1000";
        assert_eq!(error, json!({ "error": message }));
        drop(http.put("/admin/settings/no_such_setting", &json!({ "value": "x" })).await.expect(400));
        for wrong in [json!({ "value": 1 }), json!({}), json!("x"), json!({ "value": null })] {
            assert_eq!(http.put("/admin/settings/app_name", &wrong).await.status, 422, "{wrong}");
        }
        assert_eq!(http.get("/admin/settings").await.expect(200), json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_keeps_for_itself_is_neither_listed_nor_written() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        let insert = site.sql(
            "INSERT INTO instance_settings (key, value, updated_at) \
             VALUES ('attestation_private_key', $1, 0), ('jetstream_cursor', $1, 0), ('logo_data', $1, 0)",
            &["secret"],
        );
        assert_eq!(insert.await, 3);
        site.accounts.settings.refresh().await.unwrap();
        assert_eq!(http.get("/admin/settings").await.expect(200), json!([]));
        for key in [
            "attestation_private_key",
            "attestation_key_id",
            "attestation_sig_type",
            "jetstream_cursor",
            "xrpc_proxy_config",
            "logo_data",
            "logo_content_type",
            "master_secret_check",
            "public_url",
        ] {
            let path = format!("/admin/settings/{key}");
            let error = http.put(&path, &json!({ "value": "mine" })).await.expect(400);
            assert_eq!(error, json!({ "error": format!("there is no setting `{key}`") }));
            drop(http.delete(&path).await.expect(404));
        }
        let untouched = "SELECT COUNT(*) FROM instance_settings WHERE value = 'secret'";
        assert_eq!(site.count(untouched).await, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_is_described() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        let shown = http.get("/admin/settings/db-info").await.expect(200);
        let engine = site.state.engine();
        assert_eq!(shown["backend"], engine.name());
        let server = &shown["server_max_connections"];
        match engine {
            store::Engine::Sqlite => assert_eq!(*server, Value::Null),
            store::Engine::Postgres => assert!(server.as_i64().unwrap() > 1, "{server}"),
        }
        assert_eq!(shown["main_pool_size"], site.state.connections());
        assert!(shown["backfill_pool_size"].as_u64().unwrap() > 0);
        assert_eq!((&shown["restart_recommended"], shown.as_object().unwrap().len()), (&json!(false), 5));
    })
    .await;
}
