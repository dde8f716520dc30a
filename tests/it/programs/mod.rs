//! Scripts as people write them for HappyView run as they are: what its guides teach, in our own words.

use serde_json::{Value, json};
use testkit::{Belvedere, Device, HttpClient, NetworkOptions, TestDatabase};

use crate::people::Client;
use crate::samples::{LIKE, POST};
use crate::scene::Scene;
use crate::wait::{PATIENCE, until};

/// Where the lexicons of these scripts are.
const APP: &str = "dev.belvedere.demo";

/// Queries and procedures: the name of each and its script.
const METHODS: [(&str, &str, &str); 10] = [
    ("query", "listOrGet", include_str!("list.lua")),
    ("query", "thread", include_str!("thread.lua")),
    ("query", "suggest", include_str!("suggest.lua")),
    ("query", "filter", include_str!("filter.lua")),
    ("query", "top", include_str!("top.lua")),
    ("procedure", "write", include_str!("write.lua")),
    ("procedure", "edit", include_str!("edit.lua")),
    ("procedure", "remove", include_str!("remove.lua")),
    ("procedure", "pair", include_str!("pair.lua")),
    ("procedure", "guard", include_str!("guard.lua")),
];

#[tokio::test(flavor = "multi_thread")]
async fn published_patterns_run_unchanged_on_sqlite() {
    published_patterns_run_unchanged(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn published_patterns_run_unchanged_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        published_patterns_run_unchanged(database).await;
    }
}

async fn published_patterns_run_unchanged(database: TestDatabase) {
    let options = NetworkOptions { accounts: 2, ..NetworkOptions::default() };
    let Some(scene) = Scene::with(database, options).await else { return };
    scene.place.add_samples();
    let server = scene.place.start().await;
    let programs = Programs::install(&scene, &server).await;
    programs.write_and_list().await;
    programs.edit().await;
    programs.relate().await;
    programs.filter_and_suggest().await;
    programs.refuse().await;
    programs.remove().await;
}

struct Programs<'s> {
    scene: &'s Scene,
    server: &'s Belvedere,
    alice: Device,
    did: String,
    pds: String,
}

impl<'s> Programs<'s> {
    async fn install(scene: &'s Scene, server: &'s Belvedere) -> Self {
        let admin = scene.place.admin(server);
        for (kind, name, body) in METHODS {
            let id = format!("{APP}.{name}");
            let parameters = json!({ "type": "params", "properties": {
                "uri": { "type": "string" }, "did": { "type": "string" }, "q": { "type": "string" },
                "limit": { "type": "integer" }, "cursor": { "type": "string" },
            } });
            let main = json!({ "type": kind, "parameters": parameters });
            let lexicon = json!({ "lexicon": 1, "id": id, "defs": { "main": main } });
            let new = json!({ "lexicon_json": lexicon, "target_collection": POST });
            drop(admin.post("/admin/lexicons", &new).await.expect(201));
            put(&admin, &format!("xrpc.{kind}:{id}"), body).await;
        }
        put(&admin, &format!("record.index:{POST}"), include_str!("index.lua")).await;
        put(&admin, &format!("record.create:{LIKE}"), include_str!("tally.lua")).await;
        let account = scene.network.accounts().await.remove(0);
        let client = Client::register(&admin, server.url(), "app", "public").await;
        let alice = client.sign_in(&scene.network, &account).await;
        until("the stream is followed", PATIENCE, async || {
            (scene.subscribers(LIKE).await == 1).then_some(())
        })
        .await;
        Self { scene, server, alice, did: account.did.clone(), pds: account.pds }
    }

    async fn call(&self, name: &str, input: &Value) -> Value {
        self.alice.post(&format!("/xrpc/{APP}.{name}"), input).await.expect(200)
    }

    async fn ask(&self, name: &str, parameters: &[(&str, &str)]) -> Value {
        self.server.client.get_with(&format!("/xrpc/{APP}.{name}"), parameters).await.expect(200)
    }

    /// Writes a post and waits until the stream has brought it through its script.
    async fn write(&self, text: &str) -> String {
        let post = json!({ "text": text, "createdAt": "2025-01-01T00:00:00.000Z", "more": "is no part of the schema" });
        let written = self.call("write", &post).await;
        assert!(written["cid"].is_string(), "{written}");
        written["uri"].as_str().unwrap().to_owned()
    }

    async fn write_and_list(&self) {
        let uri = self.write("Hello, World #ok").await;
        let got = self.ask("listOrGet", &[("uri", &uri)]).await;
        assert_eq!(
            (&got["record"]["uri"], &got["record"]["text"]),
            (&json!(uri), &json!("Hello, World #ok"))
        );
        assert_eq!(got["record"]["more"], Value::Null);
        let theirs = self.scene.network.accounts().await.remove(1).did;
        let post = json!({ "$type": POST, "text": "An other one #one #two", "createdAt": "2025-01-01T00:00:00.000Z" });
        let other = self.scene.network.create_record(&theirs, POST, None, &post).await.uri;
        let untitled = json!({ "$type": POST, "text": "", "createdAt": "2025-01-01T00:00:00.000Z" });
        let left_out = self.scene.network.create_record(&theirs, POST, None, &untitled).await.uri;
        self.scene.network.settle().await;
        let record = until("the other's post", PATIENCE, async || {
            let page = self.ask("listOrGet", &[("did", &theirs), ("limit", "10")]).await;
            page["records"].as_array().unwrap().iter().find(|record| record["uri"] == *other).cloned()
        })
        .await
        .0;
        assert_eq!(record["slug"], "an-other-one-one-two");
        assert_eq!(record["tags"], json!(["one", "two"]));
        let missing =
            self.server.client.get_with(&format!("/xrpc/{APP}.listOrGet"), &[("uri", &left_out)]).await;
        assert_eq!(missing.status, 500);
        assert!(missing.json()["message"].as_str().unwrap().contains("record not found"), "{missing:?}");
        let page = self.ask("listOrGet", &[("limit", "1")]).await;
        assert!(page["cursor"].is_string() && page["records"].as_array().unwrap().len() == 1, "{page}");
        let next =
            self.ask("listOrGet", &[("limit", "1"), ("cursor", page["cursor"].as_str().unwrap())]).await;
        assert_ne!(next["records"][0]["uri"], page["records"][0]["uri"]);
    }

    async fn edit(&self) {
        let uri = self.write("before").await;
        let edited = self.call("edit", &json!({ "uri": uri, "text": "after" })).await;
        assert_eq!((&edited["uri"], &edited["text"]), (&json!(uri), &json!("after")));
        assert_eq!(self.ask("listOrGet", &[("uri", &uri)]).await["record"]["text"], "after");
    }

    /// A post, two likes, what relates them, and the table that counts.
    async fn relate(&self) {
        let pair = self.call("pair", &json!({ "text": "liked" })).await;
        let uri = pair["post"]["uri"].as_str().unwrap();
        let key = uri.rsplit('/').next().unwrap();
        assert!(pair["likes"][1]["uri"].as_str().unwrap().ends_with(&format!("{LIKE}/{key}-2")), "{pair}");
        let thread = self.ask("thread", &[("uri", uri)]).await;
        assert_eq!(
            (&thread["found"], &thread["likes"], &thread["text"]),
            (&json!(true), &json!(2), &json!("liked"))
        );
        assert_eq!(thread["liked_by"], json!([self.did, self.did]));
        assert_eq!(thread["pds"], json!(self.pds));
        assert_eq!(self.ask("thread", &[("uri", &format!("{uri}x"))]).await, json!({ "found": false }));
        // Two of one's own, of which the stream tells later, and one of a stranger.
        let theirs = self.scene.network.accounts().await.remove(1).did;
        let like = json!({ "$type": LIKE, "subject": pair["post"], "createdAt": "2025-01-01T00:00:00.000Z" });
        drop(self.scene.network.create_record(&theirs, LIKE, None, &like).await);
        until("the like is counted", PATIENCE, async || {
            let answer = self.server.client.get(&format!("/xrpc/{APP}.top")).await;
            (answer.status == 200 && answer.json()["top"] == json!([{ "uri": uri, "likes": 3 }]))
                .then_some(())
        })
        .await;
    }

    async fn filter_and_suggest(&self) {
        for (text, tags) in
            [("one", vec!["lua"]), ("two", vec!["lua", "x"]), ("three", vec!["lua"]), ("four", vec![])]
        {
            let post = json!({ "text": text, "tags": tags, "createdAt": "2025-01-01T00:00:00.000Z" });
            self.call("write", &post).await;
        }
        let filtered = self.ask("filter", &[]).await;
        assert_eq!(filtered["texts"], json!([["one", "two"], ["one", "two"]]));
        let suggested = self.ask("suggest", &[("q", "T")]).await;
        let expected = json!(["three", "two", "after", "An other one #one #two"]);
        assert_eq!(suggested["suggestions"], expected);
    }

    async fn refuse(&self) {
        let refused =
            self.alice.post(&format!("/xrpc/{APP}.guard"), &json!({ "text": "much too long" })).await;
        let refused = refused.expect(500);
        assert_eq!((&refused["error"], &refused["errorType"]), (&json!("script_error"), &json!("runtime")));
        assert_eq!(refused["line"], 7);
        assert!(refused["message"].as_str().unwrap().contains("longer than 10"), "{refused}");
        let taken = self.call("guard", &json!({ "text": "short" })).await;
        assert_eq!(taken, json!({ "ok": true, "json": { "a": [1, 2], "none": null }, "at": true }));
        let anonymous = self.server.client.post(&format!("/xrpc/{APP}.guard"), &json!({})).await;
        assert_eq!(anonymous.status, 401);
    }

    async fn remove(&self) {
        let pair = self.call("pair", &json!({ "text": "to be removed" })).await;
        let uri = pair["post"]["uri"].as_str().unwrap();
        assert_eq!(self.call("remove", &json!({ "uri": uri })).await, json!({ "removed": 3 }));
        assert_eq!(self.ask("thread", &[("uri", uri)]).await, json!({ "found": false }));
    }
}

async fn put(admin: &HttpClient, id: &str, body: &str) {
    let answer = admin.post("/admin/scripts", &json!({ "id": id, "body": body })).await;
    assert_eq!(answer.status, 201, "{id}: {answer:?}");
}
