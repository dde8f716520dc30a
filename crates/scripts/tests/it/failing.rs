//! Scripts that fail hold nobody up, and nothing of what they were about is lost.

use records::Decision;
use scripts::{Filter, Retried};
use serde_json::json;

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
