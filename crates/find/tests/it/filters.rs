//! What conditions mean.

use find::Filter;
use serde_json::{Value, json};
use testkit::on_each_engine;

use crate::rig::{ALICE, BOB, NOTE, Rig, key, schemas};

fn is(op: &str, value: impl Into<Value>) -> Value {
    json!({"field": "v", "op": op, "value": value.into()})
}

#[tokio::test(flavor = "multi_thread")]
async fn comparison_is_typed() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let values = [
            json!(20),           // 0
            json!(150),          // 1
            json!("150"),        // 2
            json!(true),         // 3
            json!(false),        // 4
            json!(1),            // 5
            json!("true"),       // 6
            json!(150.5),        // 7
            json!(null),         // 8
            json!([150]),        // 9
            json!({"v": 150}),   // 10
            json!(i64::MAX),     // 11
            json!(i64::MAX - 1), // 12
            json!("[150]"),      // 13
        ];
        let mut notes: Vec<Value> = values.iter().map(|value| json!({ "v": value })).collect();
        notes.push(json!({"w": 1}));
        rig.notes(&notes).await;
        for (filter, expected) in [
            (is(">", 100), vec![1, 7, 11, 12]),
            (is("<=", 20.0), vec![0, 5]),
            (is("=", 150.0), vec![1]),
            (is("=", "150"), vec![2]),
            (is("=", true), vec![3]),
            (is("<", true), vec![4]),
            (is(">=", false), vec![3, 4]),
            (is("=", 1), vec![5]),
            (is("=", i64::MAX), vec![11]),
            (is("<", i64::MAX), vec![0, 1, 5, 7, 12]),
            (is("=", "[150]"), vec![13]),
            (is("!=", 150), vec![0, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13]),
            (is("!=", "150"), vec![0, 1, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13]),
            (is("!=", true), vec![0, 1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 13]),
            (is(">", "1"), vec![2, 6, 13]),
            (is("LIKE", "%"), vec![2, 6, 13]),
            (is("NOT LIKE", "1%"), vec![6, 13]),
        ] {
            assert_eq!(rig.matching(filter.clone()).await, expected, "{filter}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_tell_objects_arrays_and_scalars_apart() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&[
            json!({"a": "x"}),
            json!({"a": ["x", ["x"], {"b": "x"}]}),
            json!({"a": {"0": "x", "b": {"c": "x"}}}),
            json!({"a": [[["x"]]]}),
            json!({"a.b": "x", "0": "x"}),
            json!({"a": [{"0": "x"}]}),
        ])
        .await;
        for (path, expected) in [
            ("a", vec![0]),
            ("a[0]", vec![1]),
            ("a[1][0]", vec![1]),
            ("a[2].b", vec![1]),
            ("a.0", vec![2]),
            ("a.b.c", vec![2]),
            ("a[0][0][0]", vec![3]),
            ("a[0].0", vec![5]),
            ("0", vec![4]),
            ("a.b", vec![]),
            ("a[3]", vec![]),
            ("a[0][0]", vec![]),
            ("a[999999999]", vec![]),
        ] {
            let filter = json!({"field": path, "value": "x"});
            assert_eq!(rig.matching(filter).await, expected, "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn patterns_know_two_wildcards_and_ascii_case() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let texts = ["Hello", "hell", "50%", "50x", "É", "é", "a\\b", "a_b", "", "x\ny"];
        rig.notes(&texts.map(|text| json!({ "v": text }))).await;
        for (pattern, expected) in [
            ("hello", vec![0]),
            ("HELL%", vec![0, 1]),
            ("50_", vec![2, 3]),
            ("_", vec![4, 5]),
            ("é", vec![5]),
            ("a\\b", vec![6]),
            ("a__", vec![6, 7]),
            ("", vec![8]),
            ("x%y", vec![9]),
            ("x_y", vec![9]),
            ("%\\%", vec![6]),
        ] {
            assert_eq!(rig.matching(is("LIKE", pattern)).await, expected, "{pattern}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_combine() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&[
            json!({"score": 10, "lang": "en"}),
            json!({"score": 9, "lang": "en", "pinned": true}),
            json!({"score": 11, "lang": "de"}),
            json!({"score": 12, "lang": "de", "pinned": true}),
        ])
        .await;
        let score = json!({"field": "score", "op": ">=", "value": 10});
        let (english, pinned) =
            (json!({"field": "lang", "value": "en"}), json!({"field": "pinned", "value": true}));
        for filter in [
            json!({"combine": "AND", "1": score, "2": {"combine": "OR", "1": english, "2": pinned}}),
            json!({"op": "AND", "conditions": [score, {"op": "OR", "conditions": [english, pinned]}]}),
            json!([[[score, [{"combine": "or", "1": english, "2": pinned}]]]]),
        ] {
            assert_eq!(rig.matching(filter.clone()).await, [0, 3], "{filter}");
        }
        let either = json!({"combine": "OR", "1": score, "2": [english, pinned]});
        assert_eq!(rig.matching(either).await, [0, 1, 2, 3]);
    })
    .await;
}

/// What scripts pass on from strangers.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_values_are_values() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let nasty = "'; DROP TABLE record_rows; -- \" $1 {} \\ %s";
        rig.notes(&[json!({ "v": nasty }), json!({"v": "x\u{FFFD}"}), json!({"v": 1})]).await;
        rig.fill(BOB, NOTE, vec![(key(9), json!({"v": "other"}))]).await;
        assert_eq!(rig.matching(is("=", nasty)).await, [0]);
        assert_eq!(rig.matching(is("LIKE", nasty)).await, [0]);
        assert_eq!(rig.matching(is("<", nasty)).await, Vec::<usize>::new());
        assert_eq!(rig.matching(is("=", "x\0")).await, [1]);
        assert_eq!(rig.matching(is(">", "x\0")).await, Vec::<usize>::new());
        assert_eq!(rig.matching(is("LIKE", "%a".repeat(2000))).await, Vec::<usize>::new());
        assert_eq!(rig.matching(is("<", 1e308)).await, [2]);
        assert_eq!(rig.matching(is(">", -1e-308)).await, [2]);
        for did in ["", "nobody", nasty, "x\0"] {
            let page = rig.page(json!({"collection": NOTE, "did": did})).await;
            assert_eq!((page.records.len(), page.cursor), (0, None), "{did}");
        }
        let widest = Value::Array(vec![is("!=", "x"); 99]);
        assert!(Filter::parse(&widest).is_ok());
        assert_eq!(rig.matching(widest).await, [0, 1, 2, 9]);
        let page = rig.page(json!({"collection": NOTE, "did": ALICE})).await;
        assert_eq!(page.records.len(), 3);
    })
    .await;
}
