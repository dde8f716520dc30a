//! Events whose script failed for good, looked at, tried again and let be from the command line.

use atproto::{Did, RecordKey};
use serde_json::{Value, json};
use testkit::TestDatabase;
use testkit::sim::Plan;

use crate::model::{Model, post_collection};
use crate::samples::{LIKE, POST, post};
use crate::wait::{PATIENCE, until};

const FAILS: &str =
    r#"function handle() if record.text ~= "good" then error("on purpose") end return record end"#;

/// Helps some.
const MENDED: &str = r#"
function handle()
  if record.text == "worse" then error("on purpose") end
  record.mended = true
  return record
end"#;

#[tokio::test(flavor = "multi_thread")]
async fn are_dealt_with_on_sqlite() {
    are_dealt_with(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_dealt_with_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        are_dealt_with(database).await;
    }
}

async fn are_dealt_with(database: TestDatabase) {
    // Attempts that are minutes apart are a moment apart.
    let settings = [("BELVEDERE_TIME_SCALE", "100")];
    let model = Model::start(Plan::normal(16, 1, 3, &[], 0), database, &settings).await;
    let scene = Scene { author: model.sim.accounts().remove(0), model };
    scene.decide(FAILS);
    let server = scene.model.place.start().await;
    scene.model.is_followed().await;
    for key in ["a", "b", "c", "d"] {
        scene.write(key, "bad");
    }
    for key in ["y", "z"] {
        scene.write(key, "worse");
    }
    until("all are given up", PATIENCE, async || (scene.letters().len() == 6).then_some(())).await;
    scene.one_is_shown("a");
    scene.one_is_let_be("a").await;
    scene.one_is_tried_again("b").await;
    scene.all_are_tried_again(&["c", "d"], &["y", "z"]).await;
    scene.all_are_let_be(&["y", "z"]).await;
    server.terminate().await;
}

struct Scene {
    model: Model,
    author: Did,
}

impl Scene {
    fn one_is_shown(&self, key: &str) {
        let id = self.number(key);
        let shown = self.model.place.json(&["dead-letter", "show", &id]);
        assert_eq!((&shown["uri"], &shown["action"]), (&json!(self.uri(key)), &json!("create")), "{shown}");
        assert_eq!((&shown["attempts"], &shown["resolved_at"]), (&json!(4), &Value::Null), "{shown}");
        assert!(shown["error"].as_str().unwrap().contains("on purpose"), "{shown}");
        assert!(shown["record"].to_string().contains("bad"), "what the script was given: {shown}");
        let text = self.model.place.run(&["dead-letter", "show", &id]);
        assert!(text.stdout.contains(&self.uri(key)) && text.stdout.contains("on purpose"), "{text:?}");
        let nothing = self.model.place.run(&["dead-letter", "show", "4711"]);
        assert!(nothing.code == Some(1) && nothing.stderr.contains("no dead letter 4711"), "{nothing:?}");
    }

    async fn one_is_let_be(&self, key: &str) {
        let id = self.number(key);
        let let_be = self.model.place.json(&["dead-letter", "dismiss", &id]);
        assert_eq!(let_be["removed"].to_string(), format!("[{id}]"));
        assert!(self.letters().iter().all(|letter| letter["uri"] != self.uri(key)), "it waits for nobody");
        assert!(self.model.place.json(&["dead-letter", "show", &id])["resolved_at"].is_string());
        for command in ["dismiss", "retry"] {
            let again = self.model.place.run(&["dead-letter", command, &id]);
            assert_eq!(again.code, Some(1), "{command}: {again:?}");
            let said = format!("{}{}", again.stdout, again.stderr);
            assert!(said.contains(&format!("no dead letter {id} that waits")), "{command}: {again:?}");
        }
        let record = &self.model.records().await[&self.uri(key)];
        assert_eq!((&record["text"], &record["mended"]), (&json!("bad"), &Value::Null), "as it came");
    }

    async fn one_is_tried_again(&self, key: &str) {
        let id = self.number(key);
        let failed = self.model.place.run(&["dead-letter", "retry", &id]);
        assert!(failed.code == Some(1) && failed.stdout.contains("on purpose"), "{failed:?}");
        assert_eq!(self.number(key), id, "it still waits");
        self.decide(MENDED);
        let tried = self.model.place.json(&["dead-letter", "retry", &id]);
        assert_eq!((tried["resolved"].to_string(), &tried["failed"]), (format!("[{id}]"), &json!([])));
        assert_eq!(self.model.records().await[&self.uri(key)]["mended"], true);
    }

    async fn all_are_tried_again(&self, helped: &[&str], others: &[&str]) {
        let place = &self.model.place;
        let of_others = place.json(&["dead-letter", "retry", "--all", "--collection", LIKE]);
        assert_eq!(of_others, json!({ "resolved": [], "failed": [] }));
        let [resolved, failed] = [helped, others].map(|keys| self.numbers(keys));
        let tried = place.run(&["dead-letter", "retry", "--all", "--collection", POST, "--json"]);
        assert_eq!(tried.code, Some(1), "not all: {tried:?}");
        let tried: Value = serde_json::from_str(&tried.stdout).unwrap();
        assert_eq!(tried["resolved"], json!(resolved), "the oldest first: {tried}");
        let ids: Vec<&Value> =
            tried["failed"].as_array().unwrap().iter().map(|failed| &failed["id"]).collect();
        assert_eq!(json!(ids), json!(failed), "{tried}");
        let here = self.model.records().await;
        for (keys, mended) in [(helped, json!(true)), (others, Value::Null)] {
            assert!(keys.iter().all(|key| here[&self.uri(key)]["mended"] == mended), "{here:?}");
        }
    }

    async fn all_are_let_be(&self, keys: &[&str]) {
        let place = &self.model.place;
        let of_others = place.json(&["dead-letter", "dismiss", "--all", "--collection", LIKE]);
        assert_eq!(of_others, json!({ "removed": [] }));
        let expected = self.numbers(keys);
        assert_eq!(place.json(&["dead-letter", "dismiss", "--all"]), json!({ "removed": expected }));
        assert_eq!(self.letters(), Vec::<Value>::new());
        assert_eq!(place.json(&["dead-letter", "list", "--all"]).as_array().unwrap().len(), 6);
        let here = self.model.records().await;
        assert!(keys.iter().all(|key| here[&self.uri(key)]["text"] == "worse"), "as they came: {here:?}");
    }

    fn letters(&self) -> Vec<Value> {
        self.model.place.json(&["dead-letter", "list"]).as_array().unwrap().clone()
    }

    /// Of the letter about a record.
    fn number(&self, key: &str) -> String {
        let letters = self.letters();
        let letter = letters.iter().find(|letter| letter["uri"] == self.uri(key));
        letter.unwrap_or_else(|| panic!("{key} is not in {letters:?}"))["id"].to_string()
    }

    fn numbers(&self, keys: &[&str]) -> Vec<i64> {
        let mut numbers: Vec<i64> = keys.iter().map(|key| self.number(key).parse().unwrap()).collect();
        numbers.sort_unstable();
        numbers
    }

    fn decide(&self, body: &str) {
        let trigger = format!("record.index:{POST}");
        let stored = self.model.place.run_with_input(&["script", "add", &trigger, "-"], body);
        assert_eq!(stored.code, Some(0), "{stored:?}");
    }

    fn uri(&self, key: &str) -> String {
        format!("at://{}/{POST}/{key}", self.author)
    }

    fn write(&self, key: &str, text: &str) {
        self.model.sim.write(&self.author, &post_collection(), &RecordKey::parse(key).unwrap(), post(text));
    }
}
