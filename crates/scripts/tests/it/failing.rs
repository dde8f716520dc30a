//! Scripts that fail hold nobody up, and nothing of what they were about is lost.

use atproto::Did;
use clock::now_micros;
use records::{Decision, RecordEvent};
use scripts::{Description, Filter, Retried, ScriptChange};
use serde_json::json;
use store::v;

use crate::rig::{on_each, put, replaced};

const FAILS: &str =
    "function handle() if record.text == 'bad' then error('on purpose') end return { ok = true } end";
const TRIGGER: &str = "record.index:com.example.note";

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_four_times_is_a_dead_letter_once() {
    on_each(|rig| async move {
        rig.put(TRIGGER, FAILS).await;
        let (good, bad) = (json!({ "text": "good" }), json!({ "text": "bad" }));
        rig.store(&[("b", bad.clone())]).await;
        let batch = [put("a", 1, &good), put("b", 2, &bad), put("c", 3, &good)];
        // A batch is offered again after a crash.
        for _ in 0..2 {
            let decided = rig.decide(&batch).await;
            assert_eq!(decided[1], Decision::Keep, "as it came");
            assert_eq!(
                (replaced(&decided[0]), replaced(&decided[2])),
                (json!({ "ok": true }), json!({ "ok": true }))
            );
        }
        rig.retrying(async || rig.letters.count(Filter::default()).await.unwrap() > 0).await;
        let [letter] = &rig.letters.list(Filter::default(), None, 10).await.unwrap()[..] else {
            panic!("one letter")
        };
        assert_eq!(
            (letter.attempts, &*letter.script_ref, &*letter.host_id),
            (4, TRIGGER, "com.example.note:update")
        );
        assert!(letter.error.contains("on purpose"), "{letter:?}");
        assert_eq!(letter.record().unwrap().record.as_deref(), Some(r#"{"text":"bad"}"#));
        // Offered once more, it is what it is.
        rig.decide(&batch).await;
        rig.retrying(async || rig.letters.count(Filter::default()).await.unwrap() == 1).await;

        assert!(matches!(rig.retry(letter.id).await, Retried::Failed(error) if error.contains("on purpose")));
        rig.put(TRIGGER, "function handle() return { mended = record.text } end").await;
        assert_eq!(rig.retry(letter.id).await, Retried::Resolved);
        assert_eq!(rig.here("b").await, Some(json!({ "mended": "bad" })));
        assert_eq!(rig.retry(letter.id).await, Retried::Gone);
        let resolved = Filter { resolved: Some(true), ..Filter::default() };
        assert_eq!(rig.letters.list(resolved, None, 10).await.unwrap()[0].attempts, 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_recovers_decides_late() {
    on_each(|rig| async move {
        rig.put(TRIGGER, FAILS).await;
        let bad = json!({ "text": "bad" });
        rig.store(&[("b", bad.clone()), ("newer", json!({ "text": "newer" }))]).await;
        // Of `newer` another version is here by now, about which its own event decides.
        rig.decide(&[put("b", 1, &bad), put("newer", 1, &bad)]).await;
        rig.put(TRIGGER, "function handle() return nil end").await;
        rig.retrying(async || rig.here("b").await.is_none()).await;
        assert_eq!(rig.here("newer").await, Some(json!({ "text": "newer" })));
        assert_eq!(rig.letters.count(Filter::default()).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_not_tried_again() {
    on_each(|rig| async move {
        rig.put(TRIGGER, "function handle() while true do pcall(error) end end").await;
        let decided = rig.decide(&[put("a", 1, &json!({ "text": "hi" }))]).await;
        assert_eq!(decided, [Decision::Keep]);
        let [letter] = &rig.letters.list(Filter::default(), None, 10).await.unwrap()[..] else {
            panic!("one letter")
        };
        assert!(letter.attempts == 1 && letter.error.contains("more instructions"), "{letter:?}");
        assert!(rig.letters.dismiss(letter.id).await.unwrap());
        assert!(!rig.letters.dismiss(letter.id).await.unwrap());
        assert_eq!(
            rig.letters.count(Filter { resolved: Some(false), ..Filter::default() }).await.unwrap(),
            0
        );
        let other = Filter { collection: Some("com.example.other".to_owned()), resolved: None };
        assert_eq!(rig.letters.count(other).await.unwrap(), 0);
    })
    .await;
}

const DAY: i64 = 24 * 3_600 * 1_000_000;

fn of(account: usize, event: RecordEvent) -> RecordEvent {
    RecordEvent { did: Did::parse(&format!("did:plc:account{account}")).unwrap(), ..event }
}

/// Scripts mostly wait for somebody, and that somebody may be slow.
#[tokio::test(flavor = "multi_thread")]
async fn repositories_do_not_wait_for_each_other() {
    on_each(|rig| async move {
        rig.put(TRIGGER, "function handle() test.wait(50, did .. ' ' .. record.text) return record end")
            .await;
        let say = |text: &str| json!({ "text": text });
        let mut batch = Vec::new();
        for account in 0..8 {
            // Of each record two versions, too.
            for (n, rkey, text) in [(1, "a", "1"), (2, "b", "2"), (3, "a", "3")] {
                batch.push(of(account, put(rkey, n, &say(text))));
            }
        }
        let decided = rig.decide(&batch).await;
        for (event, decision) in batch.iter().zip(&decided) {
            let records::RecordAction::Put { json, .. } = &event.action else { panic!("a record") };
            assert_eq!(replaced(decision).to_string(), *json, "each gets its own");
        }
        let most = rig.most_at_once();
        assert!((2..=8).contains(&most), "{most} at once");
        let said = rig.outside.said.lock().unwrap().clone();
        for account in 0..8 {
            let prefix = format!("did:plc:account{account} ");
            let of_it: Vec<_> = said.iter().filter_map(|said| said.strip_prefix(&prefix)).collect();
            assert_eq!(of_it, ["1", "2", "3"], "in the order of the repository");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_tried_side_by_side() {
    on_each(|rig| async move {
        let failing = "function handle() test.wait(5, 'x') error('on purpose') end";
        rig.put(TRIGGER, failing).await;
        let batch: Vec<_> = (0..40).map(|n| of(n, put("a", 1, &json!({ "text": "bad" })))).collect();
        rig.decide(&batch).await;
        rig.most_at_once();
        rig.retrying(async || rig.letters.count(Filter::default()).await.unwrap() == 40).await;
        let most = rig.most_at_once();
        assert!((2..=3).contains(&most), "{most} at once");
        let letters = rig.letters.list(Filter::default(), None, 100).await.unwrap();
        assert!(letters.iter().all(|letter| letter.attempts == 4), "{letters:?}");
    })
    .await;
}

/// A script that fails for everything does not fill the disk with what waits, nor is it tried for ever.
#[tokio::test(flavor = "multi_thread")]
async fn of_very_many_the_others_are_dead_letters_at_once() {
    const FILL: &str = "
        INSERT INTO appview_parked_events (event_id, script_ref, payload, error, attempts, next_at)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
        SELECT 'at://' || i, 'record.index:com.example.note', '{}', '', 1, 9000000000000000 FROM n";
    on_each(|rig| async move {
        rig.put(TRIGGER, FAILS).await;
        rig.store.state.write(|conn| conn.execute(FILL, &[])).await.unwrap();
        let batch: Vec<_> = (0..3).map(|n| of(n, put("a", 1, &json!({ "text": "bad" })))).collect();
        // Whoever waits already goes on waiting when it is offered again.
        for _ in 0..2 {
            assert_eq!(rig.decide(&batch).await, vec![Decision::Keep; 3]);
            let letters = rig.letters.list(Filter::default(), None, 10).await.unwrap();
            assert_eq!(letters.len(), 2, "{letters:?}");
            assert!(letters.iter().all(|letter| letter.attempts == 1), "{letters:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_resolved_is_forgotten_after_a_month() {
    on_each(|rig| async move {
        rig.put(TRIGGER, "function handle() while true do end end").await;
        let batch: Vec<_> = (0..5).map(|n| of(n, put("a", 1, &json!({})))).collect();
        rig.decide(&batch).await;
        let ids: Vec<i64> = rig
            .letters
            .list(Filter::default(), None, 10)
            .await
            .unwrap()
            .iter()
            .map(|letter| letter.id)
            .collect();
        assert_eq!(rig.letters.dismiss_all(vec![ids[0], ids[1], ids[1], 0]).await.unwrap(), 2);
        assert_eq!(rig.letters.tidy(now_micros() + 29 * DAY).await.unwrap(), 0);
        assert_eq!(rig.letters.tidy(now_micros() + 31 * DAY).await.unwrap(), 2);
        assert_eq!(rig.letters.count(Filter::default()).await.unwrap(), 3, "the others wait for somebody");
        let other = Some("com.example.other".to_owned());
        assert_eq!(rig.letters.dismiss_open(other).await.unwrap(), 0);
        assert_eq!(rig.letters.dismiss_open(None).await.unwrap(), 3);
        assert_eq!(rig.letters.dismiss_open(None).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_too_many_dead_letters_the_oldest_are_forgotten() {
    const FILL: &str = "
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 102500)
        INSERT INTO appview_dead_letters
            (event_id, script_ref, host_kind, host_id, payload, error, attempts, created_at, resolved_at)
        SELECT CAST(i AS TEXT), 'x', 'record', 'x', '{}', 'x', 1, i, CASE WHEN i % 100 = 0 THEN CAST($1 AS BIGINT) END FROM n";
    on_each(|rig| async move {
        rig.store.state.write(|conn| conn.execute(FILL, &[v(now_micros())])).await.unwrap();
        let open = Filter { resolved: Some(false), ..Filter::default() };
        let oldest = || async {
            let list = rig.letters.list(open.clone(), Some(1_500), 1_000).await.unwrap();
            list.last().map(|letter| letter.id)
        };
        assert_eq!(oldest().await, Some(490));
        assert_eq!(rig.letters.tidy(now_micros()).await.unwrap(), 1_475);
        assert_eq!(rig.letters.count(open.clone()).await.unwrap(), 100_000);
        assert_eq!(oldest().await, Some(1_490), "the newest stay");
        assert_eq!(
            rig.letters.count(Filter::default()).await.unwrap(),
            101_025,
            "resolved ones have their month"
        );
        assert_eq!(rig.letters.tidy(now_micros()).await.unwrap(), 0);
    })
    .await;
}

/// Whoever changes one field does not undo what somebody else does to another, nor bring back what is gone.
#[tokio::test(flavor = "multi_thread")]
async fn changes_at_the_same_time_are_both_made() {
    on_each(|rig| async move {
        let scripts = rig.library.scripts();
        for round in 0..10 {
            let body = format!("function handle() return {round} end");
            rig.put(TRIGGER, "function handle() end").await;
            let describe = ScriptChange {
                description: Some(Description::Set(format!("{round}"))),
                ..ScriptChange::default()
            };
            let rewrite = ScriptChange { body: Some(body.clone()), ..ScriptChange::default() };
            let (one, other) =
                tokio::join!(scripts.change(TRIGGER, describe, None), scripts.change(TRIGGER, rewrite, None));
            assert!(one.unwrap().is_some() && other.unwrap().is_some());
            let script = scripts.get(TRIGGER).await.unwrap().unwrap();
            assert_eq!((script.description, script.body), (Some(round.to_string()), body));
            let change =
                ScriptChange { body: Some("function handle() end".to_owned()), ..ScriptChange::default() };
            let (changed, removed) =
                tokio::join!(scripts.change(TRIGGER, change, None), scripts.remove(TRIGGER, None));
            assert!(removed.unwrap());
            // Before or after: it is gone.
            changed.unwrap();
            assert_eq!(scripts.get(TRIGGER).await.unwrap(), None);
        }
        assert_eq!(scripts.change(TRIGGER, ScriptChange::default(), None).await.unwrap(), None);
    })
    .await;
}
