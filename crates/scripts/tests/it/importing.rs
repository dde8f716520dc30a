//! Taking over scripts, variables and dead letters of another server.

use accounts::{Existing, Imported};
use scripts::{Error, Filter, ImportedDeadLetter, Retried, Times};
use serde_json::json;

use crate::rig::{ALICE, on_each, script};

const TIMES: Times = Times { created_at: Some(1_000_000), updated_at: Some(2_000_000) };

#[tokio::test(flavor = "multi_thread")]
async fn scripts_keep_their_times_and_must_compile() {
    on_each(|rig| async move {
        let scripts = rig.library.scripts();
        let id = "record.index:com.example.note";
        let body = "function handle() return record end";
        let import = async |body: &str, existing| scripts.import(script(id, body), TIMES, existing).await;
        assert_eq!(import(body, Existing::Keep).await.unwrap(), Imported::Added);
        let stored = scripts.get(id).await.unwrap().unwrap();
        assert_eq!((stored.created_at, stored.updated_at, stored.revision), (1_000_000, 2_000_000, 1));
        assert_eq!(import("return", Existing::Keep).await.unwrap(), Imported::Kept);
        assert!(matches!(import("return", Existing::Replace).await, Err(Error::Script(_))));
        let other = "function handle() return true end";
        assert_eq!(import(other, Existing::Replace).await.unwrap(), Imported::Replaced);
        let stored = scripts.get(id).await.unwrap().unwrap();
        assert_eq!((&*stored.body, stored.created_at, stored.revision), (other, 1_000_000, 2));
        rig.library.refresh().await.unwrap();
        assert!(rig.library.program(&id.parse().unwrap()).is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_are_sealed_here() {
    on_each(|rig| async move {
        let scripts = rig.library.scripts();
        let import =
            async |value: &str, existing| scripts.import_variable("KEY", value, TIMES, existing).await;
        assert_eq!(import("a secret value", Existing::Keep).await.unwrap(), Imported::Added);
        assert_eq!(import("another value", Existing::Keep).await.unwrap(), Imported::Kept);
        let [variable] = &scripts.variables().await.unwrap()[..] else { panic!("one variable") };
        assert_eq!((&*variable.preview, variable.created_at), ("a se****", 1_000_000));
        assert_eq!(import("another value", Existing::Replace).await.unwrap(), Imported::Replaced);
        assert_eq!(scripts.variables().await.unwrap()[0].preview, "anot****");
        let bad = scripts.import_variable("not a name", "x", TIMES, Existing::Keep).await;
        assert!(matches!(bad, Err(Error::Key)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_come_once_and_can_be_tried_again() {
    on_each(|rig| async move {
        rig.put("record.index:com.example.note", "function handle() return nil end").await;
        rig.store(&[("3k2aaaaaaaa2a", json!({ "text": "a" }))]).await;
        let payload = json!({
            "trigger": "record.index:com.example.note", "action": "create", "did": ALICE,
            "uri": format!("at://{ALICE}/com.example.note/3k2aaaaaaaa2a"), "collection": "com.example.note",
            "rkey": "3k2aaaaaaaa2a", "record": { "text": "a" },
        });
        let letter = ImportedDeadLetter {
            id: "elsewhere/1".to_owned(),
            script_ref: "record.index:com.example.note".to_owned(),
            host_kind: "record".to_owned(),
            host_id: "com.example.note:create".to_owned(),
            payload: payload.to_string(),
            error: "boom".to_owned(),
            attempts: 4,
            times: TIMES,
            resolved_at: None,
        };
        let kind = |kind: &str| ImportedDeadLetter { host_kind: kind.to_owned(), ..letter.clone() };
        let bad = [
            ImportedDeadLetter { script_ref: "nothing".to_owned(), ..letter.clone() },
            ImportedDeadLetter { payload: "{}".to_owned(), ..letter.clone() },
            ImportedDeadLetter { payload: "[]".to_owned(), ..kind("label") },
            kind("something"),
        ];
        let scripts = rig.library.scripts();
        let all = [&[letter.clone(), letter.clone()], &bad[..]].concat();
        let done = scripts.import_dead_letters(all).await.unwrap();
        assert_eq!(done[..2], [Ok(Imported::Added), Ok(Imported::Kept)]);
        assert!(done[2..].iter().all(Result::is_err), "{done:?}");
        let [stored] = &rig.letters.list(Filter::default(), None, 10).await.unwrap()[..] else {
            panic!("one")
        };
        assert_eq!((stored.created_at, stored.attempts, &*stored.error), (1_000_000, 4, "boom"));
        assert_eq!(stored.collection.as_deref(), Some("com.example.note"));
        assert_eq!(rig.retry(stored.id).await, Retried::Resolved);
    })
    .await;
}
