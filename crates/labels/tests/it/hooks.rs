//! Hooks decide before anything is stored.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::BoxFuture;
use labels::{Label, LabelDecision, LabelHook};

use crate::rig::{ALICE, note, on_each_engine};
use testkit::labeler::say;

/// Drops rumours, hides spam, makes nonsense of nonsense, and fails the first time it is asked.
#[derive(Default)]
struct Editor {
    asked: AtomicU32,
}

impl LabelHook for Editor {
    fn decide<'a>(&'a self, batch: &'a [Label]) -> BoxFuture<'a, Result<Vec<LabelDecision>, store::Error>> {
        Box::pin(async move {
            if self.asked.fetch_add(1, Ordering::SeqCst) == 0 {
                return Err(store::Error::Sql {
                    kind: store::ErrorKind::Conflict,
                    message: "passes".into(),
                    sql: String::new(),
                });
            }
            Ok(batch.iter().map(decide).collect())
        })
    }
}

fn decide(label: &Label) -> LabelDecision {
    let replace = |val: &str| {
        LabelDecision::Replace(Label { val: val.into(), src: "did:plc:somebody".into(), ..label.clone() })
    };
    match label.val.as_str() {
        "rumour" => LabelDecision::Drop,
        "spam" => replace("!hide"),
        "nonsense" => replace(""),
        _ => LabelDecision::Keep,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keep_replace_and_drop() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let editor = Arc::new(Editor::default());
        let running = rig.start_as("one", vec![Arc::<Editor>::clone(&editor)]);
        let seq = labeler.say(&["rumour", "spam", "nonsense", "fine"].map(|val| say(did, ALICE, val)));
        rig.committed(&labeler, seq).await;
        let left = ["!hide", "fine", "nonsense"].map(String::from);
        assert_eq!(rig.values(ALICE).await, BTreeSet::from(left));
        assert!(rig.of(ALICE).await.iter().all(|label| label.src == did), "nobody else speaks for it");
        assert!(editor.asked.load(Ordering::SeqCst) >= 2);

        // What takes a label back is shown like the label.
        let seq = labeler.say(&[say(did, ALICE, "spam").negated().at(1), say(did, &note("1"), "fine")]);
        rig.committed(&labeler, seq).await;
        assert!(!rig.values(ALICE).await.contains("!hide"));
        running.stop().await;
    })
    .await;
}
