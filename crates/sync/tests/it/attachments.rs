//! Attachments.

use reqwest::Method;
use serde_json::json;

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn are_put_and_fetched_by_their_account_alone() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let session = ann.session("t").await;
        let wanted = json!({ "filename": "f", "size": 4 });
        let asked = format!("/v1/sessions/{session}/attachments/request-upload");
        let upload = ann.http.post(&asked, &wanted).await.expect(200);
        assert_eq!(upload["method"], "PUT");
        let path = upload["uploadUrl"].as_str().unwrap().strip_prefix(site.client.base()).unwrap().to_owned();
        let stored = ann.http.send(ann.http.request(Method::PUT, &path).body("\0abc")).await.expect(200);
        assert_eq!(stored, json!({ "ok": true }));
        assert_eq!(ann.http.get(&path).await.text, "\0abc");
        let which = json!({ "ref": upload["ref"] });
        let asked_back = format!("/v1/sessions/{session}/attachments/request-download");
        let download = ann.http.post(&asked_back, &which).await.expect(200);
        assert_eq!(download["downloadUrl"], upload["uploadUrl"]);
        for other in [bob.http.get(&path).await, bob.http.post(&asked, &wanted).await] {
            assert_eq!(other.expect(404), json!({ "error": "Session not found" }));
        }
        bob.http.send(bob.http.request(Method::PUT, &path).body("x")).await.expect(404);
        site.client.get(&path).await.expect(401);
        for (reference, error) in [
            ("sessions/other/attachments/x", "Ref does not belong to this session".to_owned()),
            (&format!("sessions/{session}/attachments/"), "Invalid attachment ref".to_owned()),
            (&format!("sessions/{session}/attachments/../x"), "Invalid attachment ref".to_owned()),
        ] {
            let refused = ann.http.post(&asked_back, &json!({ "ref": reference })).await.expect(400);
            assert_eq!(refused, json!({ "error": error }));
        }
        ann.http.post(&asked, &json!({ "filename": "f", "size": 10_485_761 })).await.expect(400);
        for size in [10_485_761, 13 << 20] {
            let large = ann.http.request(Method::PUT, &path).body(vec![0; size]);
            assert_eq!(
                ann.http.send(large).await.expect(413),
                json!({ "error": "File too large (max 10MB)" })
            );
        }
        ann.http.delete(&format!("/v1/sessions/{session}")).await.expect(200);
        let left = site
            .store
            .state
            .read(|conn| conn.query_one("SELECT COUNT(*) FROM sync_attachments", &[], |row| row.int(0)));
        let left: Result<i64, store::Error> = left.await;
        assert_eq!(left.unwrap(), 0);
    })
    .await;
}
