//! What a script's result means (spec/appview.md §5.3).

use records::{Decision, IngestHook};
use serde_json::json;

use crate::rig::{delete, note, on_each, put, replaced};

#[tokio::test(flavor = "multi_thread")]
async fn every_result_of_every_action() {
    on_each(|rig| async move {
        let record = json!({ "text": "hi" });
        rig.store(&[("here", record.clone())]).await;
        let events = [put("new", 1, &record), put("here", 2, &record), delete("here", 3), delete("gone", 4)];
        let shout = json!({ "text": "HI" });
        for (returned, expected) in [
            ("", ["Skip", "Skip", "Skip", "Skip"]),
            ("return nil", ["Skip", "Skip", "Skip", "Skip"]),
            ("return { text = 'HI' }", ["replaced", "replaced", "Keep", "Keep"]),
            ("return true", ["Keep", "Keep", "Keep", "Keep"]),
            ("return 7", ["Keep", "Keep", "Keep", "Keep"]),
            ("return json.null", ["Keep", "Keep", "Keep", "Keep"]),
            ("return toarray({1, 2})", ["Keep", "Keep", "Keep", "Keep"]),
            // As it is copied from script to script: a deletion passes, of what is not here nothing is known.
            ("return record", ["replaced", "replaced", "Keep", "Skip"]),
        ] {
            rig.put("record.index:com.example.note", &format!("function handle() {returned} end")).await;
            for (event, expected) in events.iter().zip(expected) {
                let [decision] = &rig.decide(std::slice::from_ref(event)).await[..] else {
                    panic!("one decision")
                };
                match (decision, expected) {
                    (Decision::Replace(_), "replaced") => {
                        let right = if returned.contains("HI") { &shout } else { &record };
                        assert_eq!(replaced(decision), *right, "{returned}");
                    }
                    _ => assert_eq!(format!("{decision:?}"), expected, "{returned} for {event:?}"),
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_sees_the_event_and_the_variables() {
    on_each(|rig| async move {
        rig.library.scripts().set_variable("KEY", "secret", None).await.unwrap();
        let body = "function handle() return { a = action, u = uri, d = did, c = collection, r = rkey, t = record.text,
            same = event.uri == uri and event.record.text == record.text, id = event.id, k = env.KEY, n = nothing } end";
        rig.put("record.index:com.example.note", body).await;
        let did = crate::rig::ALICE;
        let uri = format!("at://{did}/com.example.note/one");
        let [decision] = &rig.decide(&[put("one", 1, &json!({ "text": "hi" }))]).await[..] else { panic!("one") };
        let seen = replaced(decision);
        let id = seen["id"].as_str().unwrap().to_owned();
        assert!(id.starts_with(&uri) && id.len() > uri.len(), "{id}");
        let expected = json!({
            "a": "create", "u": uri, "d": did, "c": "com.example.note", "r": "one", "t": "hi", "same": true, "id": id,
            "k": "secret",
        });
        assert_eq!(seen, expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_for_exactly_that_action_comes_first() {
    on_each(|rig| async move {
        assert!(!rig.hook.wants(&note()));
        rig.put("record.update:com.example.note", "function handle() return { by = 'update' } end").await;
        assert!(rig.hook.wants(&note()));
        let record = json!({ "text": "hi" });
        let both = [put("a", 1, &record), put("a", 2, &record)];
        // What the first event leaves is what the second finds.
        let decided = rig.decide(&both).await;
        assert_eq!((&decided[0], replaced(&decided[1])), (&Decision::Keep, json!({ "by": "update" })));
        rig.put("record.index:com.example.note", "function handle() return { by = 'index', a = action } end")
            .await;
        let decided: Vec<_> = rig.decide(&both).await.iter().map(replaced).collect();
        assert_eq!(decided, [json!({ "by": "index", "a": "create" }), json!({ "by": "update" })]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_one_record_follow_one_another_within_a_batch() {
    on_each(|rig| async move {
        let body = "function handle() if record and record.text == 'no' then return nil end return { a = action } end";
        rig.put("record.index:com.example.note", body).await;
        let (yes, no) = (json!({ "text": "yes" }), json!({ "text": "no" }));
        let batch =
            [put("a", 1, &no), put("a", 2, &yes), put("a", 3, &yes), put("a", 4, &no), put("a", 5, &yes), delete("a", 6)];
        let decided: Vec<_> = rig.decide(&batch).await.iter().map(replaced).collect();
        let of = |action: &str| json!({ "a": action });
        assert_eq!(decided, [json!("Skip"), of("create"), of("update"), json!("Skip"), of("create"), json!("Keep")]);
    })
    .await;
}
