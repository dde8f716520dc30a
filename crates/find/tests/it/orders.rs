//! What comes first.

use serde_json::json;
use testkit::on_each_engine;

use crate::rig::{ALICE, BOB, BOBBY, NOTE, Rig, key, numbers, schemas};

#[tokio::test(flavor = "multi_thread")]
async fn values_of_all_types_have_one_order() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&[
            json!({"v": "b"}),
            json!({"v": 2}),
            json!({"v": true}),
            json!({"v": [1]}),
            json!({"v": "B"}),
            json!({"v": 10}),
            json!({"v": false}),
            json!({"v": null}),
            json!({"v": 1.5}),
            json!({}),
            json!({"v": ""}),
            json!({"v": -1}),
        ])
        .await;
        let ascending = [3, 7, 9, 6, 2, 11, 8, 1, 5, 10, 4, 0];
        let query = json!({"collection": NOTE, "sort": "v", "sortDirection": "asc"});
        assert_eq!(numbers(&rig.page(query).await.records), ascending);
        let mut descending = numbers(&rig.page(json!({"collection": NOTE, "sort": "v"})).await.records);
        descending.reverse();
        assert_eq!(descending, ascending);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn authors_and_uris_have_orders_of_their_own() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        for (did, numbers) in [(BOBBY, [0, 3]), (BOB, [1, 4]), (ALICE, [2, 5])] {
            rig.fill(did, NOTE, numbers.map(|number| (key(number), json!({}))).into()).await;
        }
        for (sort, expected) in [("did", [2, 5, 1, 4, 0, 3]), ("uri", [2, 5, 0, 3, 1, 4])] {
            let query = json!({"collection": NOTE, "sort": sort, "sortDirection": "asc"});
            assert_eq!(numbers(&rig.page(query).await.records), expected, "{sort}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_change_is_an_order() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.fill(ALICE, NOTE, vec![(key(0), json!({"v": 1}))]).await;
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        rig.fill(BOB, NOTE, vec![(key(1), json!({"v": 1}))]).await;
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        rig.fill(ALICE, NOTE, vec![(key(0), json!({"v": 2}))]).await;
        let by_change = rig.page(json!({"collection": NOTE, "sort": "indexed_at"})).await;
        assert_eq!(numbers(&by_change.records), [0, 1]);
        let by_age = rig.page(json!({"collection": NOTE})).await;
        assert_eq!(numbers(&by_age.records), [1, 0]);
    })
    .await;
}

/// More records than one statement looks at, so that what is found has to be put together.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_spans_all_stretches_of_a_collection() {
    on_each_engine(&schemas(), |store| async move {
        const RECORDS: usize = 1500;
        let rig = Rig::new(&store);
        let value = |number: usize| number * 7919 % RECORDS;
        let notes: Vec<_> = (0..RECORDS).map(|number| json!({ "v": value(number) })).collect();
        rig.notes(&notes).await;
        let mut expected: Vec<usize> = (0..RECORDS).collect();
        expected.sort_by_key(|number| value(*number));
        let query =
            json!({"collection": NOTE, "sort": "v", "sortDirection": "asc", "limit": 60, "offset": 700});
        assert_eq!(numbers(&rig.page(query).await.records), expected[700..760]);
        for direction in ["asc", "desc"] {
            let rare = json!({"field": "v", "op": "<", "value": 3});
            let query = json!({"collection": NOTE, "filter": rare, "limit": 2, "sortDirection": direction});
            let mut uris = rig.pages(query).await;
            assert_eq!(uris.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
            if direction == "desc" {
                uris = vec![uris.concat().into_iter().rev().collect()];
            }
            let mut oldest_first = expected[..3].to_vec();
            oldest_first.sort_unstable();
            let expected: Vec<String> = oldest_first
                .into_iter()
                .map(|number| format!("at://{ALICE}/{NOTE}/{}", key(number)))
                .collect();
            assert_eq!(uris.concat(), expected, "{direction}");
        }
    })
    .await;
}
