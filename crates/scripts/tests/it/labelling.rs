//! Scripts over labels: what they decide, and what becomes of those that fail.

use labels::{AcceptLabelers, Label, LabelDecision, LabelHook as _};
use scripts::{Filter, LabelHook};
use serde_json::{Value, json};
use store::v;

use crate::rig::{ALICE, Rig, on_each};

const MOD: &str = "did:plc:modaaaaaaaaaaaaaaaaaaaaa";
const ACTOR: &str = "labeler.apply:_actor";
const NOTE: &str = "labeler.apply:com.example.note";

fn note() -> String {
    format!("at://{ALICE}/com.example.note/1")
}

fn label(uri: &str, val: &str) -> Label {
    Label {
        src: MOD.into(),
        uri: uri.into(),
        cid: None,
        val: val.into(),
        neg: false,
        cts: "2026-01-01T00:00:00Z".into(),
        exp: None,
    }
}

async fn decide(rig: &Rig, batch: &[Label]) -> Vec<LabelDecision> {
    LabelHook::new(rig.parked.clone()).decide(batch).await.unwrap()
}

/// Stores a label as its labeler said it.
async fn store(rig: &Rig, label: &Label) {
    let label = label.clone();
    let write = move |conn: &mut store::Conn<'_>| {
        conn.execute("INSERT INTO label_sources (did) VALUES ($1) ON CONFLICT DO NOTHING", &[v(&label.src)])?;
        let sql = "INSERT INTO label_rows (source_id, uri, val, neg, cts, cts_us, stored_at)
            SELECT id, $2, $3, $4, $5, 1, 1 FROM label_sources WHERE did = $1";
        let values = [v(&label.src), v(&label.uri), v(&label.val), v(label.neg), v(&label.cts)];
        conn.execute(sql, &values).map(drop)
    };
    rig.store.index.write(write).await.unwrap();
}

async fn said(rig: &Rig, uri: &str) -> Vec<String> {
    let labels = labels::Labels::new(&rig.store);
    let of = labels.of([uri.to_owned()], &AcceptLabelers::All).await.unwrap();
    of[uri].iter().map(|label| label.val.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn they_drop_change_and_keep() {
    on_each(|rig| async move {
        rig.put(
            ACTOR,
            "function handle()
               if val == 'rumour' then return nil end
               if val == 'spam' then return { val = '!hide', src = 'did:plc:somebody' } end
               if val == 'none' then return {} end
               return true
             end",
        )
        .await;
        let negation = Label { neg: true, ..label(ALICE, "spam") };
        let batch = [
            label(ALICE, "rumour"),
            label(ALICE, "spam"),
            label(ALICE, "none"),
            label(ALICE, "fine"),
            negation.clone(),
            label(&format!("at://{ALICE}"), "spam"),
            label(&note(), "spam"),
        ];
        let hidden = |label: &Label| LabelDecision::Replace(Label { val: "!hide".into(), ..label.clone() });
        let expected = [
            LabelDecision::Drop,
            hidden(&batch[1]),
            LabelDecision::Keep,
            LabelDecision::Keep,
            hidden(&negation),
            hidden(&batch[5]),
            LabelDecision::Keep,
        ];
        assert_eq!(decide(&rig, &batch).await, expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_see_the_whole_label() {
    on_each(|rig| async move {
        rig.put(
            NOTE,
            "function handle()
               local same = event.src == src and event.uri == uri and event.val == val and event.neg == neg
                 and event.cts == cts and event.exp == exp and #event.id > 0
               return { val = tostring(same) .. ':' .. tostring(neg) .. ':' .. tostring(exp) }
             end",
        )
        .await;
        let until = Label { exp: Some("2999-01-01T00:00:00Z".into()), ..label(&note(), "a") };
        let batch = [label(&note(), "a"), Label { neg: true, ..until }];
        let vals: Vec<String> = decide(&rig, &batch)
            .await
            .into_iter()
            .map(|decision| match decision {
                LabelDecision::Replace(label) => label.val,
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(vals, ["true:false:nil", "true:true:2999-01-01T00:00:00Z"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_is_a_dead_letter_once_and_never_tried_again_by_hand() {
    on_each(|rig| async move {
        rig.put(NOTE, "function handle() error('on purpose') end").await;
        let bad = label(&note(), "spam");
        // A batch is offered again after a crash.
        for _ in 0..2 {
            assert_eq!(decide(&rig, std::slice::from_ref(&bad)).await, [LabelDecision::Keep]);
        }
        rig.retrying(async || rig.letters.count(Filter::default()).await.unwrap() > 0).await;
        let [letter] = &rig.letters.list(Filter::default(), None, 10).await.unwrap()[..] else {
            panic!("one letter")
        };
        assert_eq!((letter.attempts, &*letter.host_kind, &*letter.host_id), (4, "label", MOD));
        assert_eq!(letter.collection.as_deref(), Some("com.example.note"));
        let payload: Value = serde_json::from_str(&letter.payload).unwrap();
        let expected =
            json!({ "src": MOD, "uri": note(), "val": "spam", "neg": false, "cts": "2026-01-01T00:00:00Z" });
        assert_eq!(payload, expected);
        assert_eq!(letter.label().unwrap().label, bad);
        assert!(letter.record().is_none());
        assert!(rig.letters.dismiss(letter.id).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_label_and_limits_are_final() {
    on_each(|rig| async move {
        rig.put(
            NOTE,
            "function handle()
               if val == 'type' then return { val = 1 } end
               if val == 'time' then return { cts = 'today' } end
               while true do end
             end",
        )
        .await;
        let batch = ["type", "time", "loop"].map(|val| label(&note(), val));
        assert_eq!(decide(&rig, &batch).await, [const { LabelDecision::Keep }; 3]);
        let letters = rig.letters.list(Filter::default(), None, 10).await.unwrap();
        assert_eq!(letters.len(), 3);
        assert!(letters.iter().all(|letter| letter.attempts == 1), "{letters:?}");
        assert!(letters[1].error.contains("RFC 3339"), "{letters:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_recovers_decides_late_about_what_was_not_changed_since() {
    on_each(|rig| async move {
        rig.put(NOTE, "function handle() error('on purpose') end").await;
        let [renamed, dropped, changed] = ["spam", "rumour", "changed"].map(|val| label(&note(), val));
        let batch = [renamed.clone(), dropped.clone(), changed.clone()];
        decide(&rig, &batch).await;
        store(&rig, &renamed).await;
        store(&rig, &dropped).await;
        // Its labeler has said it again since, which was decided about by itself.
        store(&rig, &Label { cts: "2026-01-02T00:00:00Z".into(), ..changed.clone() }).await;
        rig.put(NOTE, "function handle() if val == 'spam' then return { val = '!hide' } end return nil end")
            .await;
        rig.retrying(async || said(&rig, &note()).await == ["!hide", "changed"]).await;
        assert_eq!(rig.letters.count(Filter::default()).await.unwrap(), 0);
    })
    .await;
}
