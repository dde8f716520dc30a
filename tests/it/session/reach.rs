//! Scripts that reach the PDSes of people, and each other.

use reqwest::Method;
use serde_json::{Value, json};

use super::Story;
use super::writes::CREATE;
use crate::samples::{POST, procedure};

const COPY: &str = "dev.belvedere.demo.copyPost";
const LATEST: &str = "dev.belvedere.demo.latestPosts";
const OVERVIEW: &str = "dev.belvedere.demo.overview";

/// A picture of somebody else's, in a post of the caller's.
const COPIES: &str = r#"
function handle()
  local got = atproto.blob_download(input.did, input.cid)
  local put = atproto.blob_upload(got.handle, got.mimeType)
  local r = Record(collection, { text = "copied", createdAt = now() })
  r:save()
  local with_it = { uri = r._uri, text = "copied", createdAt = r.createdAt, attachment = put.blob }
  with_it["$type"] = collection
  local seal = atproto.sign(with_it)
  local saved = xrpc.procedure("dev.belvedere.demo.putPost", with_it)
  return { size = got.handle:size(), blob = put.blob, saved = json.decode(saved.body), status = saved.status,
    sealed = atproto.verify_signature(with_it, seal, caller_did) }
end"#;

const LATEST_POSTS: &str = r#"
function handle()
  return { who = caller_did, posts = db.query{ collection = "dev.belvedere.demo.post", limit = params.limit }.records }
end"#;

const OVERVIEWS: &str = r#"
function handle()
  local latest = xrpc.query("dev.belvedere.demo.latestPosts", { limit = 2 })
  local wrote = xrpc.procedure("dev.belvedere.demo.createPost", { text = "by a query", createdAt = now() })
  return { latest = json.decode(latest.body), wrote = json.decode(wrote.body), status = wrote.status }
end"#;

impl Story<'_> {
    pub(super) async fn scripts_reach_pdses_and_each_other(&self) {
        let admin = self.admin();
        for nsid in [LATEST, OVERVIEW] {
            let limit = json!({ "limit": { "type": "integer" } });
            let main = json!({ "type": "query", "parameters": { "type": "params", "properties": limit } });
            let lexicon = json!({ "lexicon": 1, "id": nsid, "defs": { "main": main } });
            drop(admin.post("/admin/lexicons", &json!({ "lexicon_json": lexicon })).await.expect(201));
        }
        drop(admin.post("/admin/lexicons", &procedure(COPY, None)).await.expect(201));
        for (trigger, body) in [
            (format!("xrpc.procedure:{COPY}"), COPIES),
            (format!("xrpc.query:{LATEST}"), LATEST_POSTS),
            (format!("xrpc.query:{OVERVIEW}"), OVERVIEWS),
        ] {
            drop(admin.post("/admin/scripts", &json!({ "id": trigger, "body": body })).await.expect(201));
        }
        self.a_blob_is_copied().await;
        self.a_query_calls_a_query_and_a_procedure().await;
    }

    /// Out of Alice's repository into the operator's.
    async fn a_blob_is_copied(&self) {
        let path = "/xrpc/com.atproto.repo.uploadBlob";
        let request = self.phone.signed(Method::POST, path).header("content-type", "text/plain");
        let blob = self.phone.send(request.body("bytes to copy")).await.expect(200)["blob"].clone();
        let with_it =
            json!({ "text": "the original", "createdAt": "2025-01-01T00:00:00.000Z", "attachment": blob });
        drop(self.call(&self.phone, CREATE, &with_it).await);
        let cid = blob["ref"]["$link"].as_str().unwrap();
        let input = json!({ "did": self.alice.did, "cid": cid });
        let copied = self.admin().post(&format!("/xrpc/{COPY}"), &input).await.expect(200);
        assert_eq!(
            (&copied["size"], &copied["status"], &copied["sealed"]),
            (&json!(13), &json!(200), &json!(true))
        );
        assert_eq!(copied["blob"]["ref"]["$link"], cid, "the same bytes have the same name");
        let uri = copied["saved"]["uri"].as_str().unwrap();
        assert!(uri.starts_with(&format!("at://{}/{POST}/", self.operator.0.did)), "{copied}");
        self.has(&self.operator.0, uri, Some("copied")).await;
        let there =
            self.scene.network.get_record(&self.operator.0, POST, uri.rsplit('/').next().unwrap()).await;
        assert_eq!(there.unwrap().value["attachment"]["ref"]["$link"], cid);
        let unknown = json!({ "did": self.alice.did, "cid": "bafkreiccldh766hwcnuxnf2wh6jgzepf2nlu2lvcllt63eww5p6chi4ity" });
        let refused = self.admin().post(&format!("/xrpc/{COPY}"), &unknown).await.expect(500);
        assert!(refused["message"].as_str().unwrap().contains("when asked for"), "{refused}");
    }

    async fn a_query_calls_a_query_and_a_procedure(&self) {
        let path = format!("/xrpc/{OVERVIEW}");
        let answer = self.phone.get(&path).await.expect(200);
        assert_eq!(
            (&answer["latest"]["who"], &answer["status"]),
            (&json!(self.alice.did), &json!(200)),
            "{answer}"
        );
        assert_eq!(answer["latest"]["posts"].as_array().map(Vec::len), Some(2), "{answer}");
        self.has(&self.alice, answer["wrote"]["uri"].as_str().unwrap(), Some("by a query")).await;
        let anonymous = self.server.client.get(&path).await.expect(401);
        assert!(anonymous["error"].as_str().unwrap().contains("whoever called the script"), "{anonymous}");
        // Any page can have the operator's browser make a query, which therefore writes nothing for them.
        let dashboard = self.admin().get(&path).await.expect(401);
        assert!(dashboard["error"].as_str().unwrap().contains("changes nothing by a query"), "{dashboard}");
        let latest = self.server.client.get(&format!("/xrpc/{LATEST}?limit=1")).await.expect(200);
        assert_eq!(latest["who"], Value::Null);
    }
}
