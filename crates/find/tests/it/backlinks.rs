//! Who refers to a record.

use find::{Backlinks, Page};
use serde_json::{Value, json};
use testkit::on_each_engine;

use crate::rig::{ALICE, BOB, NOTE, Rig, key, numbers, schemas};

const TARGET: &str = "at://did:web:carol.example/com.example.post/1";

async fn ask(rig: &Rig, did: Option<&str>, limit: usize, cursor: Option<String>) -> Page {
    let json = json!({"collection": NOTE, "uri": TARGET, "did": did, "limit": limit, "cursor": cursor});
    rig.find.backlinks(Backlinks::parse(&json).unwrap()).await.unwrap()
}

fn link(number: usize) -> (String, Value) {
    let record = match number % 3 {
        0 => json!({ "subject": TARGET }),
        1 => json!({"deep": [{"ref": {"uri": TARGET}}], "again": TARGET}),
        _ => {
            json!({"subject": "at://did:web:carol.example/com.example.post/2", "text": format!("see {TARGET}")})
        }
    };
    (key(number), record)
}

#[tokio::test(flavor = "multi_thread")]
async fn references_anywhere_in_a_record_the_newest_first() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        // Bob's come first, though Alice's are older.
        rig.fill(BOB, NOTE, (0..12).filter(|number| number % 2 == 1).map(link).collect()).await;
        rig.fill(ALICE, NOTE, (0..12).filter(|number| number % 2 == 0).map(link).collect()).await;
        rig.fill(ALICE, "com.example.other", vec![link(0)]).await;
        let first = ask(&rig, None, 5, None).await;
        assert_eq!(numbers(&first.records), [10, 9, 7, 6, 4]);
        rig.fill(ALICE, NOTE, (0..16).filter(|number| number % 2 == 0).map(link).collect()).await;
        let second = ask(&rig, None, 5, first.cursor).await;
        assert_eq!((numbers(&second.records), second.cursor), (vec![3, 1, 0], None));
        assert_eq!(numbers(&ask(&rig, Some(BOB), 10, None).await.records), [9, 7, 3, 1]);
        assert_eq!(ask(&rig, Some("nobody"), 10, None).await, Page::default());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_much_loved_record_is_answered_for_in_order() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let loves = |numbers: &mut dyn Iterator<Item = usize>| {
            numbers.map(|number| (key(number), json!({ "subject": TARGET }))).collect()
        };
        rig.fill(BOB, NOTE, loves(&mut (0..600).map(|number| number * 2))).await;
        rig.fill(ALICE, NOTE, loves(&mut (0..600).map(|number| number * 2 + 1))).await;
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let page = ask(&rig, None, 100, cursor).await;
            found.extend(numbers(&page.records));
            cursor = page.cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found, (0..1200).rev().collect::<Vec<_>>());
    })
    .await;
}
