//! Lexicons come and go while the server runs: by file, from the network, through the admin API, at their publisher.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::network::Account;
use testkit::{Belvedere, HttpClient, NetworkOptions, TestDatabase};

use crate::samples::{LIKE, POST, document, file, list_of, post};
use crate::scene::Scene;
use crate::wait::{PATIENCE, until};

/// How soon a change that was made on the command line must be in effect.
const SOON: Duration = Duration::from_secs(1);

/// What the network's own lexicons are about.
const NOTE: &str = "com.example.demo.note";
const LIST_NOTES: &str = "com.example.demo.listNotes";
const REACTION: &str = "com.example.demo.reaction";

/// Where lexicons are published.
const SCHEMA: &str = "com.atproto.lexicon.schema";

#[tokio::test(flavor = "multi_thread")]
async fn they_take_effect_at_once_on_sqlite() {
    they_take_effect_at_once(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_take_effect_at_once_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        they_take_effect_at_once(database).await;
    }
}

async fn they_take_effect_at_once(database: TestDatabase) {
    let options = NetworkOptions { accounts: 1, lexicons: true, ..NetworkOptions::default() };
    let Some(scene) = Scene::with(database, options).await else { return };
    let server = scene.place.start().await;
    let stage = Stage::new(&scene, &server).await;
    stage.by_file().await;
    stage.by_nsid().await;
    stage.through_the_admin_api().await;
    stage.changed_by_the_publisher().await;
    stage.removed().await;
    server.terminate().await;
    changed_while_nobody_listened(&scene).await;
}

struct Stage<'s> {
    scene: &'s Scene,
    server: &'s Belvedere,
    admin: HttpClient,
    user: Account,
    publisher: Account,
}

impl<'s> Stage<'s> {
    async fn new(scene: &'s Scene, server: &'s Belvedere) -> Self {
        let [user, publisher] = scene.network.accounts().await.try_into().unwrap();
        until("a subscription", PATIENCE, async || (scene.subscribers(SCHEMA).await == 1).then_some(()))
            .await;
        Self { scene, server, admin: scene.place.admin(server), user, publisher }
    }

    async fn by_file(&self) {
        let query = list_of(POST);
        self.is_unknown(query).await;
        let add = |nsid: &str, more: &[&str]| {
            let file = file(nsid);
            self.scene.place.json(&[&["lexicon", "add", file.to_str().unwrap()], more].concat())
        };
        let added = add(POST, &[]);
        assert!(added["added"][0]["backfill_job"].is_string(), "its history is fetched: {added}");
        self.is_subscribed(POST, true).await;
        add(query, &["--target-collection", POST]);
        self.answers(query, 200).await;
        self.is_indexed(query, POST, &post("by file")).await;
    }

    async fn by_nsid(&self) {
        let added = self.scene.place.json(&["lexicon", "add", NOTE]);
        assert_eq!((&added["added"][0]["id"], &added["added"][0]["source"]), (&json!(NOTE), &json!(NOTE)));
        self.is_subscribed(NOTE, true).await;
        self.scene.place.json(&["lexicon", "add", LIST_NOTES, "--target-collection", NOTE]);
        self.answers(LIST_NOTES, 200).await;
        self.is_indexed(LIST_NOTES, NOTE, &note("from the network")).await;
        let shown = self.scene.place.json(&["lexicon", "show", NOTE]);
        assert_eq!(
            (&shown["source"], &shown["authority_did"]),
            (&json!("network"), &json!(self.publisher.did))
        );
    }

    async fn through_the_admin_api(&self) {
        let query = list_of(LIKE);
        for (nsid, target) in [(LIKE, None), (query, Some(LIKE))] {
            let request = json!({ "lexicon_json": document(nsid), "target_collection": target });
            assert_eq!(self.admin.post("/admin/lexicons", &request).await.expect(201)["revision"], 1);
        }
        // No waiting: what was answered is in effect.
        assert_eq!(self.server.client.get(&format!("/xrpc/{query}")).await.status, 200);
        self.is_subscribed(LIKE, true).await;
        let request = json!({ "nsid": REACTION });
        let answer = self.admin.post("/admin/network-lexicons", &request).await.expect(201);
        assert_eq!(
            (&answer["nsid"], &answer["authority_did"]),
            (&json!(REACTION), &json!(self.publisher.did))
        );
        self.is_subscribed(REACTION, true).await;
    }

    async fn changed_by_the_publisher(&self) {
        let mut lexicon = self.document(NOTE).await;
        lexicon["defs"]["main"]["description"] = json!("Changed.");
        self.publish(&lexicon).await;
        self.has_revision(NOTE, 2).await;
        assert_eq!(self.document(NOTE).await["defs"]["main"]["description"], "Changed.");
        // What is no lexicon does not replace one that is, and what is the same changes nothing.
        self.publish(&json!({ "lexicon": 2, "id": NOTE, "defs": {} })).await;
        self.publish(&lexicon).await;
        let mut query = self.document(LIST_NOTES).await;
        query["description"] = json!("Changed after those.");
        self.publish(&query).await;
        self.has_revision(LIST_NOTES, 2).await;
        self.has_revision(NOTE, 2).await;
        self.answers(LIST_NOTES, 200).await;

        self.scene.network.delete_record(&self.publisher.did, SCHEMA, LIST_NOTES).await;
        until("a lexicon that is not published any more is removed", PATIENCE, async || {
            (self.server.client.get(&format!("/xrpc/{LIST_NOTES}")).await.status == 400).then_some(())
        })
        .await;
        // From here on the call is passed on to its publisher's PDS, which does not know what to do with it.
        let answer = self.server.client.get(&format!("/xrpc/{LIST_NOTES}")).await.expect(400);
        assert_eq!(answer["message"], format!("No service configured for {LIST_NOTES}"));
        assert_eq!(self.admin.get(&format!("/admin/lexicons/{LIST_NOTES}")).await.status, 404);
    }

    async fn removed(&self) {
        let query = list_of(POST);
        self.scene.place.json(&["lexicon", "remove", query]);
        self.answers(query, 502).await;
        self.is_unknown(query).await;
        assert_eq!(self.admin.delete(&format!("/admin/lexicons/{POST}")).await.status, 204);
        assert_eq!(self.admin.delete(&format!("/admin/lexicons/{POST}")).await.status, 404);
        assert_eq!(self.admin.delete(&format!("/admin/network-lexicons/{REACTION}")).await.status, 204);
        self.is_subscribed(POST, false).await;
        self.is_subscribed(REACTION, false).await;
        // The others still are, once the connection that asks for less is open.
        self.is_subscribed(LIKE, true).await;
        // Of what is written now nothing is heard, and what was indexed stays.
        self.scene.network.create_record(&self.user.did, POST, None, &post("unheard")).await;
        let stats = self.admin.get("/admin/stats").await.expect(200);
        let posts = json!({ "collection": POST, "count": 1 });
        assert!(stats["collections"].as_array().unwrap().contains(&posts), "{stats}");
        assert_eq!(self.scene.place.json(&["record", "count", POST])["total_records"], 1);
    }

    /// No lexicon has this name, and nobody is there to pass a call on to.
    async fn is_unknown(&self, nsid: &str) {
        let answer = self.server.client.get(&format!("/xrpc/{nsid}")).await.expect(502);
        assert!(answer["error"].as_str().unwrap().contains("have no authority"), "{answer}");
    }

    async fn answers(&self, nsid: &str, status: u16) {
        until(&format!("{nsid} is answered with {status}"), SOON, async || {
            (self.server.client.get(&format!("/xrpc/{nsid}")).await.status == status).then_some(())
        })
        .await;
    }

    async fn is_subscribed(&self, collection: &str, subscribed: bool) {
        until(&format!("a subscription to {collection}: {subscribed}"), SOON, async || {
            (self.scene.subscribers(collection).await == usize::from(subscribed)).then_some(())
        })
        .await;
    }

    /// What is written now arrives.
    async fn is_indexed(&self, query: &str, collection: &str, record: &Value) {
        let written = self.scene.network.create_record(&self.user.did, collection, None, record).await;
        until(&format!("{} is listed", written.uri), PATIENCE, async || {
            let page = self.server.client.get(&format!("/xrpc/{query}")).await.expect(200);
            (page["records"][0]["uri"] == written.uri).then_some(())
        })
        .await;
    }

    async fn has_revision(&self, nsid: &str, revision: u32) {
        until(&format!("{nsid} has revision {revision}"), PATIENCE, async || {
            let lexicon = self.admin.get(&format!("/admin/lexicons/{nsid}")).await.expect(200);
            (lexicon["revision"] == revision).then_some(())
        })
        .await;
    }

    /// The lexicon as it is stored.
    async fn document(&self, nsid: &str) -> Value {
        self.admin.get(&format!("/admin/lexicons/{nsid}")).await.expect(200)["lexicon_json"].take()
    }

    async fn publish(&self, lexicon: &Value) {
        self.scene.network.publish_lexicons(&self.publisher.did, std::slice::from_ref(lexicon)).await;
    }
}

async fn changed_while_nobody_listened(scene: &Scene) {
    let publisher = scene.network.accounts().await.remove(1);
    let shown = scene.place.json(&["lexicon", "show", NOTE]);
    let mut lexicon = shown["lexicon_json"].clone();
    lexicon["defs"]["main"]["description"] = json!("Changed in the night.");
    scene.network.publish_lexicons(&publisher.did, &[lexicon]).await;
    let server = scene.place.start().await;
    let admin = scene.place.admin(&server);
    until("the change is found out", PATIENCE, async || {
        let lexicon = admin.get(&format!("/admin/lexicons/{NOTE}")).await.expect(200);
        (lexicon["revision"] == 3).then_some(())
    })
    .await;
}

fn note(text: &str) -> Value {
    json!({ "$type": NOTE, "text": text, "createdAt": "2025-01-01T00:00:00.000Z" })
}
