//! Cursors, limits and the time a question may take.

use std::time::Duration;

use find::{Backlinks, Error, Query, Search};
use serde_json::{Value, json};
use testkit::on_each_engine;

use crate::rig::{ALICE, BOB, NOTE, Rig, key, numbers, schemas};

fn notes(values: impl IntoIterator<Item = usize>) -> Vec<(String, Value)> {
    values.into_iter().map(|number| (key(number), json!({ "v": number }))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_means_that_there_is_more() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.fill(ALICE, NOTE, notes(0..6)).await;
        let all = json!({"field": "v", "op": ">=", "value": 0});
        for query in [
            json!({"collection": NOTE, "limit": 3}),
            json!({"collection": NOTE, "limit": 3, "filter": all}),
            json!({"collection": NOTE, "limit": 3, "sort": "v"}),
            json!({"collection": NOTE, "limit": 3, "sort": "uri", "did": ALICE}),
        ] {
            let pages = rig.pages(query.clone()).await;
            assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3], "{query}");
        }
        assert_eq!(rig.pages(json!({"collection": "com.example.none"})).await, [Vec::<String>::new()]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_and_goes_between_two_pages_shifts_nothing() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        for (collection, sort) in [("com.example.one", None), ("com.example.two", Some("v"))] {
            rig.fill(ALICE, collection, notes(0..10)).await;
            let mut query = json!({"collection": collection, "limit": 4, "sort": sort});
            let first = rig.page(query.clone()).await;
            assert_eq!(numbers(&first.records), [9, 8, 7, 6]);
            // Before the place where the page ended some come, and two go, one of them the place itself.
            rig.fill(BOB, collection, notes(10..13)).await;
            rig.fill(ALICE, collection, notes((0..10).filter(|number| ![6, 8].contains(number)))).await;
            query["cursor"] = json!(first.cursor);
            assert_eq!(numbers(&rig.page(query).await.records), [5, 4, 3, 2], "{sort:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_counted_go_on_by_place() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.fill(ALICE, NOTE, notes(0..10)).await;
        let mut query = json!({"collection": NOTE, "limit": 2, "sort": "v", "offset": 3});
        let page = rig.page(query.clone()).await;
        assert_eq!(numbers(&page.records), [6, 5]);
        query["cursor"] = json!(page.cursor);
        assert_eq!(numbers(&rig.page(query.clone()).await.records), [4, 3], "an offset counts once");
        query["cursor"] = json!("NA==");
        assert_eq!(numbers(&rig.page(query.clone()).await.records), [5, 4], "4 in base64");
        query["offset"] = json!(50);
        query["cursor"] = Value::Null;
        assert_eq!(rig.page(query).await, find::Page::default());
        let unsorted = json!({"collection": NOTE, "limit": 2, "offset": 3});
        assert_eq!(numbers(&rig.page(unsorted).await.records), [9, 8]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_something_else_is_refused() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.fill(ALICE, NOTE, notes(0..10)).await;
        let cursor = |sort: Option<&str>| {
            let query = json!({"collection": NOTE, "limit": 2, "sort": sort});
            let page = rig.page(query);
            async { page.await.cursor.unwrap() }
        };
        let (of_time, of_value) = (cursor(None).await, cursor(Some("v")).await);
        for (sort, cursor) in [
            (None, of_value.as_str()),
            (Some("v"), of_time.as_str()),
            (Some("uri"), of_value.as_str()),
            (None, "rubbish"),
            (Some("v"), "rubbish"),
            (None, ""),
        ] {
            let query = json!({"collection": NOTE, "sort": sort, "cursor": cursor});
            assert!(matches!(rig.refusal(query).await, Error::Cursor), "{sort:?} {cursor}");
        }
    })
    .await;
}

/// Whatever a cursor says, it is refused, or it is a place.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_cursor_does_no_harm() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.fill(ALICE, NOTE, notes(0..3)).await;
        let number = |class: i64, number: &str| format!(r#"["v",{class},{number},"","did:web:a/","k"]"#);
        for forged in [
            number(2, "1e308"),
            number(2, "-5e-324"),
            number(2, "18446744073709551615"),
            number(3, "1"),
            number(0, "-0.0"),
            number(4, "1"),
            number(1 << 40, "1"),
            number(-1, "1"),
            r#"["v",3,0,"\u0000","did:web:a/","k"]"#.to_owned(),
            r#"["v",3,0,"' OR 1 = 1 --","\"","$1"]"#.to_owned(),
            r#"["v",3,0,"\ud800","",""]"#.to_owned(),
            r#"["v",3,null,"","",""]"#.to_owned(),
            "[1,2]".to_owned(),
            "[-9223372036854775808,9223372036854775807]".to_owned(),
            "[9223372036854775808,0]".to_owned(),
            "4294967295".to_owned(),
            "4294967296".to_owned(),
            "[".repeat(5000),
        ] {
            let cursor = data_encoding::BASE64URL_NOPAD.encode(forged.as_bytes());
            for sort in [None, Some("v")] {
                for direction in ["asc", "desc"] {
                    let json = json!({"collection": NOTE, "sort": sort, "sortDirection": direction, "cursor": cursor});
                    match rig.find.query(Query::parse(&json).unwrap()).await {
                        Ok(page) => assert!(page.records.len() <= 3),
                        Err(error) => assert!(matches!(error, Error::Cursor), "{forged}: {error}"),
                    }
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_stopped_when_its_time_is_over() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.fill(ALICE, NOTE, notes(0..3)).await;
        let hurried = rig.find.clone().with_time_limit(Duration::ZERO);
        let stopped = |error: Error| matches!(error, Error::TimeLimit(Duration::ZERO));
        let filter = json!({"field": "v", "value": 1});
        for query in [json!({"collection": NOTE, "sort": "v"}), json!({"collection": NOTE, "filter": filter})]
        {
            assert!(stopped(hurried.query(Query::parse(&query).unwrap()).await.unwrap_err()), "{query}");
        }
        let search = Search::parse(&json!({"collection": NOTE, "field": "v", "query": "x"})).unwrap();
        assert!(stopped(hurried.search(search).await.unwrap_err()));
        let backlinks = Backlinks::parse(&json!({"collection": NOTE, "uri": "at://x"})).unwrap();
        assert!(stopped(hurried.backlinks(backlinks).await.unwrap_err()));
        let page = hurried.query(Query::parse(&json!({"collection": NOTE})).unwrap()).await;
        assert_eq!(page.unwrap().records.len(), 3, "an index answers at once");
    })
    .await;
}
