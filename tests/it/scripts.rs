//! Lua decides: what becomes of records, and what queries answer.

use std::collections::BTreeMap;

use atproto::{Did, RecordKey};
use serde_json::{Value, json};
use testkit::sim::Plan;
use testkit::{Belvedere, TestDatabase};

use crate::model::{Model, post_collection};
use crate::samples::{POST, post};
use crate::wait::{PATIENCE, until};

const DECIDES: &str = r#"
function handle()
  if action == "delete" then return record end
  if record.text:find("drop") then return nil end
  if record.text:find("fail") then error("on purpose") end
  record.seen = action
  record.by = env.NAME
  return record
end"#;

/// The same, and tells a table of its own of every event first.
const TELLS: &str = r#"
function handle()
  db.raw("INSERT INTO told VALUES ($1)", { event.id })
  if action == "delete" then return record end
  if record.text:find("fail") then error("on purpose") end
  return record
end"#;

const TABLE: &str = "function handle() return db.raw('CREATE TABLE IF NOT EXISTS told (id TEXT)') end";

const TOLD: &str = r#"
function handle()
  return {
    of_keys = db.raw("SELECT count(*) AS n FROM told WHERE id LIKE '%/k%'")[1].n,
    twice = db.raw("SELECT id FROM told GROUP BY id HAVING count(*) > 1"),
  }
end"#;

/// The same without the mistake.
const MENDED: &str = "function handle() record.mended = true return record end";

const LATEST: &str = r#"
function handle()
  local page = db.query{ collection = collection, limit = params.limit, filter = { field = "seen", value = "update" } }
  return { posts = page.records, cursor = page.cursor, all = db.count(collection), who = caller_did }
end"#;

#[tokio::test(flavor = "multi_thread")]
async fn lua_decides_on_sqlite() {
    lua_decides(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lua_decides_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        lua_decides(database).await;
    }
}

async fn lua_decides(database: TestDatabase) {
    let scene = Scene::start(Plan::normal(14, 1, 3, &[], 0), database).await;
    scene.what_is_written_is_decided_about().await;
    scene.what_fails_is_stored_as_it_came_and_becomes_a_dead_letter().await;
    scene.a_query_is_answered_by_its_script().await;
    scene.nothing_happens_twice_when_the_server_is_killed().await;
}

struct Scene {
    model: Model,
    server: Belvedere,
    author: Did,
}

impl Scene {
    async fn start(plan: Plan, database: TestDatabase) -> Self {
        let model = Model::start(plan, database, &[]).await;
        let scene = Self {
            author: model.sim.accounts().remove(0),
            server: {
                put(&model, &format!("record.index:{POST}"), DECIDES);
                let set = model.place.run_with_input(&["variable", "set", "NAME"], "me");
                assert_eq!(set.code, Some(0), "{set:?}");
                model.place.start().await
            },
            model,
        };
        scene.model.is_followed().await;
        scene.write("first", "first");
        scene.arrives("first").await;
        scene
    }

    async fn what_is_written_is_decided_about(&self) {
        self.write("a", "one");
        self.write("b", "drop this");
        self.write("c", "stays");
        self.write("c", "and drop that");
        self.write("d", "goes");
        self.delete("d");
        self.write("a", "two");
        self.write("last", "last");
        self.arrives("last").await;
        let here = self.here().await;
        let a = &here[&self.uri("a")];
        assert_eq!((&a["text"], &a["seen"], &a["by"]), (&json!("two"), &json!("update"), &json!("me")));
        for gone in ["b", "c", "d"] {
            assert!(!here.contains_key(&self.uri(gone)), "{gone}: {here:?}");
        }
    }

    async fn what_fails_is_stored_as_it_came_and_becomes_a_dead_letter(&self) {
        let admin = self.model.place.admin(&self.server);
        self.write("bad", "fail at this");
        self.write("after", "after it");
        // Neither is held up.
        self.arrives("after").await;
        assert_eq!(self.here().await[&self.uri("bad")]["seen"], Value::Null, "as it came");
        assert_eq!(self.here().await[&self.uri("after")]["seen"], "create");
        let letters = async || admin.get("/admin/dead-letters").await.expect(200)["dead_letters"].take();
        let letter =
            until("it is given up", PATIENCE, async || letters().await[0].as_object().cloned()).await.0;
        assert_eq!((&letter["uri"], &letter["attempts"]), (&json!(self.uri("bad")), &json!(4)), "{letter:?}");
        assert!(letter["error"].as_str().unwrap().contains("on purpose"), "{letter:?}");
        let id = letter["id"].as_i64().unwrap();
        let retry = format!("/admin/dead-letters/{id}/retry");
        let again = admin.post(&retry, &json!({})).await.expect(400);
        assert!(again["error"].as_str().unwrap().contains("on purpose"), "{again}");
        put(&self.model, &format!("record.index:{POST}"), MENDED);
        // Another process follows within a moment.
        until("the script is another", PATIENCE, async || {
            let answer = admin.post(&retry, &json!({})).await;
            (answer.status == 200).then_some(())
        })
        .await;
        assert_eq!(self.here().await[&self.uri("bad")]["mended"], true);
        assert_eq!(letters().await, json!([]));
        assert_eq!(admin.get("/admin/dead-letters/count?resolved=true").await.expect(200)["count"], 1);
        put(&self.model, &format!("record.index:{POST}"), DECIDES);
    }

    async fn a_query_is_answered_by_its_script(&self) {
        let query = crate::samples::list_of(POST);
        put(&self.model, &format!("xrpc.query:{query}"), LATEST);
        let path = format!("/xrpc/{query}?limit=10");
        let answer = until("the script answers", PATIENCE, async || {
            let answer = self.server.client.get(&path).await.expect(200);
            answer["posts"].is_array().then_some(answer)
        })
        .await
        .0;
        assert_eq!(answer["posts"][0]["uri"], self.uri("a"), "{answer}");
        assert_eq!(answer["posts"].as_array().unwrap().len(), 1, "{answer}");
        assert_eq!(answer["all"], self.here().await.len(), "{answer}");
        self.model.place.json(&["script", "remove", &format!("xrpc.query:{query}")]);
        until("the default answers", PATIENCE, async || {
            self.server.client.get(&path).await.expect(200)["records"].is_array().then_some(())
        })
        .await;
    }

    /// Parked and given up once each, whenever the process ends.
    async fn nothing_happens_twice_when_the_server_is_killed(self) {
        let Self { model, mut server, author } = self;
        let query = crate::samples::list_of(POST);
        let path = format!("/xrpc/{query}");
        put(&model, &format!("xrpc.query:{query}"), TABLE);
        until("the table is there", PATIENCE, async || {
            let answer = server.client.get(&path).await;
            (answer.expect(200) == json!([])).then_some(())
        })
        .await;
        put(&model, &format!("record.index:{POST}"), TELLS);
        put(&model, &format!("xrpc.query:{query}"), TOLD);
        server.kill();
        server = model.place.start().await;
        let mut expected = Vec::new();
        for round in 0..4 {
            for number in 0..10 {
                let key = format!("k{round}-{number}");
                let text = if number % 3 == 0 { "fail again" } else { "fine" };
                model.sim.write(&author, &post_collection(), &RecordKey::parse(&key).unwrap(), post(text));
                if number % 3 == 0 {
                    expected.push(format!("at://{author}/{POST}/{key}"));
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(150 * round)).await;
            server.kill();
            server = model.place.start().await;
        }
        let admin = model.place.admin(&server);
        let letters = async || {
            let page = admin.get("/admin/dead-letters?limit=100").await.expect(200);
            let letters = page["dead_letters"].as_array().unwrap().clone();
            let mut uris: Vec<String> =
                letters.iter().map(|letter| letter["uri"].as_str().unwrap().to_owned()).collect();
            uris.sort();
            uris
        };
        expected.sort();
        until("all are given up", PATIENCE, async || (letters().await.len() >= expected.len()).then_some(()))
            .await;
        assert_eq!(letters().await, expected);
        let told = server.client.get(&path).await.expect(200);
        assert_eq!(told, json!({ "of_keys": 40, "twice": [] }), "every event is told of once");
        let here = model.records().await;
        assert!(expected.iter().all(|uri| here.contains_key(uri)), "nothing is lost");
        server.terminate().await;
    }

    fn uri(&self, key: &str) -> String {
        format!("at://{}/{POST}/{key}", self.author)
    }

    fn write(&self, key: &str, text: &str) {
        self.model.sim.write(&self.author, &post_collection(), &RecordKey::parse(key).unwrap(), post(text));
    }

    fn delete(&self, key: &str) {
        self.model.sim.delete(&self.author, &post_collection(), &RecordKey::parse(key).unwrap());
    }

    async fn here(&self) -> BTreeMap<String, Value> {
        self.model.records().await
    }

    async fn arrives(&self, key: &str) {
        self.until(key, async || self.here().await.contains_key(&self.uri(key))).await;
    }

    async fn until<F: Future<Output = bool>>(&self, what: &str, mut is: impl FnMut() -> F) {
        until(what, PATIENCE, async || is().await.then_some(())).await;
    }
}

fn put(model: &Model, trigger: &str, body: &str) {
    let stored = model.place.run_with_input(&["script", "add", trigger, "-"], body);
    assert_eq!(stored.code, Some(0), "{stored:?}");
}
