//! What scripts keep is listed, backed up and restored with everything else.

use scriptdb::{EffectKey, ScriptDb};
use serde_json::json;
use testkit::{Belvedere, TestDatabase, databases};

use super::{alone, data_dir, durable};
use crate::place::Place;

const VOTE: &str = "UPDATE votes SET n = n + 1 RETURNING n";

fn event() -> EffectKey {
    EffectKey { source: "an event".into(), attempt: 1, number: 0 }
}

async fn open(place: &Place) -> ScriptDb {
    ScriptDb::open(appview::scripts_database(place.database.config().location)).await.unwrap()
}

/// A place with a server that runs, and scripts that have done something.
async fn furnished(database: TestDatabase, create: &str) -> (Place, Belvedere) {
    let place = Place::on(database);
    place.json(&["key", "create"]);
    let server = Belvedere::start(&alone(&place)).await;
    let scripts = open(&place).await;
    scripts.raw(create, &[]).await.unwrap();
    scripts.raw("INSERT INTO votes (subject, n) VALUES ($1, 0)", &["at://x".into()]).await.unwrap();
    assert_eq!(scripts.raw_once(&event(), VOTE, &[]).await.unwrap().as_str(), r#"[{"n":1}]"#);
    (place, server)
}

fn carry(from: &Place, to: &Place) {
    std::fs::copy(from.path().join("file"), to.path().join("file")).unwrap();
    std::fs::create_dir_all(data_dir(to)).unwrap();
    std::fs::copy(data_dir(from).join("master.key"), data_dir(to).join("master.key")).unwrap();
}

async fn scripts_move(from: TestDatabase, to: TestDatabase) {
    let to = Place::on(to);
    let (from, server) =
        furnished(from, "CREATE TABLE votes (subject TEXT PRIMARY KEY, n BIGINT NOT NULL)").await;
    let written = from.json(&["state", "backup", "file"]);
    assert_eq!(
        (&written["tables"]["scripts.votes"], &written["tables"]["scripts.belvedere_effects"]),
        (&json!(1), &json!(1))
    );
    carry(&from, &to);
    let restored = to.json(&["state", "restore", "file"]);
    assert_eq!((&restored["tables"], &restored["left_out"]), (&written["tables"], &json!(0)));
    server.terminate().await;
    // Nobody has it open now.
    assert_eq!(from.json(&["state", "backup", "file"])["tables"]["scripts.votes"], 1);

    let server = Belvedere::start(&alone(&to)).await;
    let scripts = open(&to).await;
    // The event is tried again: it has had its effect.
    assert_eq!(scripts.raw_once(&event(), VOTE, &[]).await.unwrap().as_str(), r#"[{"n":1}]"#);
    let votes = scripts.raw("SELECT subject, n FROM votes", &[]).await.unwrap();
    assert_eq!(votes.as_str(), r#"[{"subject":"at://x","n":1}]"#);
    let state = to.json(&["state"]);
    let tier = state["tiers"].as_array().unwrap().iter().find(|tier| tier["tier"] == "scripts").unwrap();
    let table = tier["tables"].as_array().unwrap().iter().find(|table| table["table"] == "votes").unwrap();
    assert!(table["rows"] == 1 && table["bytes"].as_u64().unwrap() > 0, "{table}");
    let text = to.text(&["state"]);
    assert!(text.lines().any(|line| line.starts_with("scripts  votes")), "{text}");
    server.terminate().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_same_engine() {
    for (from, to) in databases().await.into_iter().zip(databases().await) {
        scripts_move(from, to).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_postgres() {
    let Some(to) = TestDatabase::postgres().await else { return };
    scripts_move(TestDatabase::sqlite(), to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_to_sqlite() {
    let Some(from) = TestDatabase::postgres().await else { return };
    scripts_move(from, TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_other_engine_does_not_understand_can_be_left_out() {
    let Some(to) = TestDatabase::postgres().await else { return };
    let (from, server) =
        furnished(TestDatabase::sqlite(), "CREATE TABLE votes (subject TEXT, n INTEGER) STRICT").await;
    from.json(&["state", "backup", "file"]);
    server.terminate().await;
    let to = Place::on(to);
    carry(&from, &to);
    let error = to.failure(&["state", "restore", "file"]);
    assert!(
        error.starts_with("error: the scripts' table votes cannot be restored on this engine: "),
        "{error}"
    );
    assert!(error.contains("help: nothing was changed; --without-scripts"), "{error}");
    assert!(to.json(&["key", "list"]).as_array().is_none_or(Vec::is_empty), "nothing was changed");
    let text = to.text(&["state", "restore", "file", "--without-scripts"]);
    assert!(text.contains("Left out, as you wished: 2 tables of scripts."), "{text}");
    assert_eq!(durable(&to), durable(&from));
    assert_eq!(to.json(&["key", "list"]), from.json(&["key", "list"]));
}
