//! Dead letters whose record is fetched anew.

use std::sync::Arc;

use scripts::{DeadLetter, Filter, Retried};
use serde_json::{Value, json};

use crate::rig::{Rig, on_each, part, put, replaced};

const TRIGGER: &str = "record.index:com.example.note";
const FAILS: &str = "function handle() while true do end end";
const MENDED: &str = "function handle() if record.text == 'out' then return nil end return { by = action, was = record.text } end";

/// A record is here as it came, because its script ran for ever.
async fn letter(rig: &Rig, record: &Value) -> DeadLetter {
    rig.put(TRIGGER, FAILS).await;
    rig.store(&[("a", record.clone())]).await;
    rig.decide(&[put("a", 0, record)]).await;
    rig.letters.list(Filter::default(), None, 10).await.unwrap().remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_of_today_decides_about_what_is_written_today() {
    on_each(|rig| async move {
        let (old, new) = (json!({ "text": "old" }), json!({ "text": "new" }));
        let letter = letter(&rig, &old).await;
        let failed = rig.parked.reindex(&letter, part("a", 0, Some(&old))).await.unwrap();
        assert!(matches!(failed, Retried::Failed(error) if error.contains("more instructions")));
        assert_eq!(rig.here("a").await, Some(old.clone()));
        let again = rig.letters.get(letter.id).await.unwrap().unwrap();
        assert_eq!((again.attempts, again.resolved_at), (2, None));

        rig.put(TRIGGER, MENDED).await;
        // As it was, and as it is by now.
        for (n, record, text) in [(0, &old, "old"), (5, &new, "new")] {
            let part = part("a", n, Some(record));
            assert_eq!(rig.parked.reindex(&letter, part).await.unwrap(), Retried::Resolved);
            assert_eq!(rig.here("a").await, Some(json!({ "by": "update", "was": text })));
        }
        let resolved = rig.letters.get(letter.id).await.unwrap().unwrap();
        assert!(resolved.resolved_at.is_some());
        assert_eq!(rig.parked.reindex(&resolved, part("a", 5, None)).await.unwrap(), Retried::Gone);
        assert!(rig.here("a").await.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_it_is_what_its_author_wrote() {
    on_each(|rig| async move {
        let old = json!({ "text": "old" });
        let letter = letter(&rig, &old).await;
        rig.library.scripts().remove(TRIGGER, None).await.unwrap();
        rig.library.refresh().await.unwrap();
        assert_eq!(rig.parked.reindex(&letter, part("a", 0, Some(&old))).await.unwrap(), Retried::Resolved);
        assert_eq!(rig.here("a").await, Some(old));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_author_removed_goes_unless_the_script_keeps_it() {
    on_each(|rig| async move {
        let letter = letter(&rig, &json!({ "text": "old" })).await;
        rig.put(TRIGGER, "function handle() if action == 'delete' then return nil end return true end").await;
        assert_eq!(rig.parked.reindex(&letter, part("a", 5, None)).await.unwrap(), Retried::Resolved);
        assert!(rig.here("a").await.is_some());
        rig.put(TRIGGER, "function handle() return record end").await;
        assert_eq!(rig.parked.reindex(&letter, part("a", 6, None)).await.unwrap(), Retried::Resolved);
        assert_eq!(rig.here("a").await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_may_leave_it_out() {
    on_each(|rig| async move {
        let out = json!({ "text": "out" });
        let letter = letter(&rig, &out).await;
        rig.put(TRIGGER, MENDED).await;
        assert_eq!(rig.parked.reindex(&letter, part("a", 0, Some(&out))).await.unwrap(), Retried::Resolved);
        assert_eq!(rig.here("a").await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_script_runs_once_whatever_is_here() {
    on_each(|rig| async move {
        let out = |text: &str| json!({ "text": text });
        let letter = letter(&rig, &out("old")).await;
        rig.decide_about_everything();
        let body = "function handle()
            log(event.id)
            if record.text == 'out' then return nil end
            if record.text == 'bad' then error('on purpose') end
            return { was = record.text }
        end";
        rig.put(TRIGGER, body).await;
        let reindexed = async |n: i64, text: &str| {
            rig.store.state.write(unresolve).await.unwrap();
            let letter = rig.letters.get(letter.id).await.unwrap().unwrap();
            let became = rig.parked.reindex(&letter, part("a", n, Some(&out(text)))).await.unwrap();
            (became, rig.lines(), rig.here("a").await)
        };
        let was = |text: &str| Some(json!({ "was": text }));
        for (n, text) in [(0, "old"), (1, "new"), (1, "new"), (2, "newer")] {
            assert_eq!(reindexed(n, text).await, (Retried::Resolved, 1, was(text)), "{n}");
        }
        let (became, runs, here) = reindexed(3, "bad").await;
        assert!(matches!(became, Retried::Failed(error) if error.contains("on purpose")));
        assert_eq!((runs, here), (1, was("newer")), "it stays a dead letter, and what is here stays");
        assert_eq!(reindexed(4, "out").await, (Retried::Resolved, 1, None));
        assert_eq!(reindexed(5, "back").await, (Retried::Resolved, 1, was("back")));

        // What is decided for one event is decided for no other.
        let part = part("b", 5, Some(&out("other")));
        rig.records.reconcile(vec![part], false, Arc::new(|_, _| Ok(()))).await.unwrap();
        assert_eq!((rig.lines(), rig.here("b").await), (1, was("other")));
        let again = rig.decide(&[put("a", 5, &out("again"))]).await;
        assert_eq!((rig.lines(), replaced(&again[0])), (1, json!({ "was": "again" })));
    })
    .await;
}

fn unresolve(conn: &mut store::Conn<'_>) -> Result<u64, store::Error> {
    conn.execute("UPDATE appview_dead_letters SET resolved_at = NULL", &[])
}
