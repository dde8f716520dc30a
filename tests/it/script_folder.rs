//! Scripts in a watched folder: what a file says is in effect, edits included, in the server that runs.

use std::collections::BTreeMap;

use atproto::{Did, RecordKey};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::sim::Plan;
use testkit::{Belvedere, TestDatabase};

use crate::model::{Model, post_collection};
use crate::samples::{POST, post};
use crate::wait::{PATIENCE, until};

#[tokio::test(flavor = "multi_thread")]
async fn files_decide_on_sqlite() {
    files_decide(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_decide_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        files_decide(database).await;
    }
}

async fn files_decide(database: TestDatabase) {
    let scene = Scene::start(database).await;
    scene.a_file_decides_and_its_edit_does().await;
    scene.a_broken_edit_changes_nothing().await;
    scene.nobody_else_changes_it().await;
    scene.what_failed_is_taken_in_anew().await;
    scene.it_is_removed_by_force_until_it_changes().await;
    scene.server.terminate().await;
}

/// Marks every record with a number.
fn marks(number: u32) -> String {
    format!("function handle() if record then record.mark = {number} end return record end")
}

fn trigger() -> String {
    format!("record.index:{POST}")
}

struct Scene {
    folder: TempDir,
    author: Did,
    server: Belvedere,
    model: Model,
}

impl Scene {
    async fn start(database: TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = [("SCRIPTS_DIR", folder.path().to_str().unwrap())];
        let model = Model::start(Plan::normal(15, 1, 3, &[], 0), database, &settings).await;
        let (author, server) = (model.sim.accounts().remove(0), model.place.start().await);
        let scene = Self { folder, author, server, model };
        scene.model.is_followed().await;
        scene.write("first", "first");
        scene.arrives("first").await;
        scene
    }

    async fn a_file_decides_and_its_edit_does(&self) {
        for number in [1, 2] {
            self.edit(&marks(number));
            self.listed("it is taken over", |list| list["scripts"][0]["revision"] == number).await;
            // Every process follows the table in a moment.
            let name = format!("n{number}-");
            let mut times = 0;
            until("a record shows it", PATIENCE, async || {
                times += 1;
                let key = format!("{name}{times}");
                self.write(&key, "text");
                self.arrives(&key).await;
                (self.here().await[&self.uri(&key)]["mark"] == number).then_some(())
            })
            .await;
        }
        assert_eq!(self.list()["scripts"][0]["file"], file());
    }

    async fn a_broken_edit_changes_nothing(&self) {
        self.edit("function handle( end");
        let list = self.listed("it is noticed", |list| list["problems"] != json!([])).await;
        assert_eq!(list["problems"][0]["trigger"], trigger(), "{list}");
        self.write("after", "text");
        self.arrives("after").await;
        assert_eq!(self.here().await[&self.uri("after")]["mark"], 2);
        let logs = self.model.place.run_with_input(&["script", "logs", &trigger(), "--errors"], "");
        assert!(logs.stdout.contains("ERROR") && logs.stdout.contains("expected"), "{logs:?}");
    }

    async fn nobody_else_changes_it(&self) {
        let added = self.model.place.run_with_input(&["script", "add", &trigger(), "-"], &marks(9));
        assert!(added.code == Some(1) && added.stderr.contains(&file()), "{added:?}");
        let removed = self.model.place.run_with_input(&["script", "remove", &trigger()], "");
        assert!(removed.code == Some(1) && removed.stderr.contains(&file()), "{removed:?}");
        let (admin, path) = (self.model.place.admin(&self.server), format!("/admin/scripts/{}", trigger()));
        let body = json!({ "id": trigger(), "body": marks(9) });
        for answer in [
            admin.post("/admin/scripts", &body).await,
            admin.patch(&path, &json!({ "body": marks(9) })).await,
            admin.delete(&path).await,
        ] {
            let error = answer.expect(409);
            assert!(error["error"].as_str().unwrap().contains("change or remove the file"), "{error}");
        }
        assert_eq!(admin.get(&path).await.expect(200)["file"], file());
    }

    async fn what_failed_is_taken_in_anew(&self) {
        let place = &self.model.place;
        self.edit("function handle() while true do end end");
        self.listed("it is taken over", |list| list["scripts"][0]["revision"] == 3).await;
        let mut number = 0;
        let letters = until("one is a dead letter", PATIENCE, async || {
            number += 1;
            let key = format!("bad{number}");
            self.write(&key, "text");
            self.arrives(&key).await;
            Some(place.json(&["dead-letter", "list"])).filter(|letters| letters[0].is_object())
        })
        .await
        .0;
        let (id, uri) = (letters[0]["id"].to_string(), letters[0]["uri"].as_str().unwrap().to_owned());
        let again = place.run_with_input(&["dead-letter", "reindex", &id], "");
        assert!(again.code == Some(1) && again.stdout.contains("more instructions"), "{again:?}");
        assert_eq!(self.here().await[&uri]["mark"], Value::Null, "as it came");
        self.edit(&marks(4));
        self.listed("it is mended", |list| list["scripts"][0]["revision"] == 4).await;
        let tried = place.json(&["script", "test", &trigger(), "--uri", &uri]);
        assert_eq!((&tried["outcome"], &tried["result"]["mark"]), (&json!("replace"), &json!(4)), "{tried}");
        let admin = place.admin(&self.server);
        let shown = admin.get(&format!("/admin/dead-letters/{id}")).await.expect(200);
        assert_eq!(place.json(&["dead-letter", "show", &id]), shown, "a command says the same");
        let path = format!("/admin/dead-letters/{id}/reindex");
        until("the server runs the mended one", PATIENCE, async || {
            (admin.post(&path, &json!({})).await.status == 200).then_some(())
        })
        .await;
        assert_eq!(self.here().await[&uri]["mark"], 4);
        place.json(&["dead-letter", "reindex", "--all"]);
        assert_eq!(place.json(&["dead-letter", "list"]), json!([]));
        assert_eq!(admin.post(&path, &json!({})).await.status, 404, "it is resolved");
    }

    async fn it_is_removed_by_force_until_it_changes(&self) {
        let place = &self.model.place;
        let removed = place.json(&["script", "remove", &trigger(), "--force"]);
        assert_eq!((removed, &self.list()["scripts"]), (json!({ "removed": [trigger()] }), &json!([])));
        let again = place.run(&["script", "remove", &trigger(), "--force"]);
        assert!(again.code == Some(1) && again.stderr.contains("there is no script"), "{again:?}");
        let mut times = 0;
        until("it decides no more", PATIENCE, async || {
            times += 1;
            let key = format!("free{times}");
            self.write(&key, "text");
            self.arrives(&key).await;
            self.here().await[&self.uri(&key)]["mark"].is_null().then_some(())
        })
        .await;
        self.edit(&marks(5));
        self.listed("it is taken over", |list| list["scripts"][0]["file"] == file()).await;
    }

    fn edit(&self, body: &str) {
        std::fs::write(self.folder.path().join(file()), body).unwrap();
    }

    fn list(&self) -> Value {
        self.model.place.json(&["script", "list"])
    }

    async fn listed(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        until(what, PATIENCE, async || Some(self.list()).filter(|list| is(list))).await.0
    }

    fn uri(&self, key: &str) -> String {
        format!("at://{}/{POST}/{key}", self.author)
    }

    fn write(&self, key: &str, text: &str) {
        self.model.sim.write(&self.author, &post_collection(), &RecordKey::parse(key).unwrap(), post(text));
    }

    async fn here(&self) -> BTreeMap<String, Value> {
        self.model.records().await
    }

    async fn arrives(&self, key: &str) {
        until(key, PATIENCE, async || self.here().await.contains_key(&self.uri(key)).then_some(())).await;
    }
}

/// What the script is called in the folder.
fn file() -> String {
    format!("record.index.{POST}.lua")
}
