//! Places, bounds and what is refused.

use std::time::Duration;

use clock::now_micros;
use find::index::{Order, Reading, Scalar};
use find::{Access, Direction, Error, Selection};
use records::RepoStatus;
use serde_json::json;
use testkit::on_each_engine;

use super::{by, everything, index, is, keys, lies, page, pages, read, value};
use crate::rig::{ALICE, NOTE, Rig, key, schemas};

/// A page that was begun goes on where it ended, whatever happens to other records.
#[tokio::test(flavor = "multi_thread")]
async fn pages_do_not_shift() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let note = |number: usize| json!({"n": number / 3, "lang": "en"});
        rig.notes(&(0..60).map(note).collect::<Vec<_>>()).await;
        index(&rig.find, &[keys(&[value("lang")], Order::By(value("n")))]).await;
        let selection = Selection {
            conditions: vec![is(value("lang"), &[Scalar::text("en")])],
            order: by(value("n"), Direction::Ascending),
            limit: 20,
            ..everything()
        };
        let expected = pages(&rig.find, &selection).await.concat();
        let first = page(&rig.find, &selection).await;
        assert_eq!(first.explained.access, Access::Index);
        // Some before the page, some of it, and some after it.
        let kept =
            (0..60).filter(|number| ![3, 19, 20].contains(number)).map(|number| (key(number), note(number)));
        let new = (60..70).map(|number| (key(number), note(number - 60)));
        rig.fill(ALICE, NOTE, kept.chain(new).collect()).await;
        let rest = pages(&rig.find, &Selection { cursor: first.cursor, ..selection }).await.concat();
        let new = |uri: &&String| !(60..70).any(|number| uri.ends_with(&key(number)));
        assert_eq!(rest.iter().filter(new).collect::<Vec<_>>(), expected[21..].iter().collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_served_is_not_found_and_comes_back() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        index(&rig.find, &[keys(&[value("lang")], Order::Seen)]).await;
        rig.notes(&[json!({"lang": "en"}), json!({"lang": "de"}), json!({"lang": "en"})]).await;
        let selection =
            Selection { conditions: vec![is(value("lang"), &[Scalar::text("en")])], ..everything() };
        let found = async || page(&rig.find, &selection).await.records.len();
        assert_eq!(found().await, 2);
        let did = ALICE.parse().unwrap();
        rig.records.observe_status(&did, RepoStatus::Deactivated, now_micros()).await.unwrap();
        assert_eq!(found().await, 0);
        rig.records.observe_status(&did, RepoStatus::Active, now_micros()).await.unwrap();
        assert_eq!(found().await, 2);
        let rkey = key(0).parse().unwrap();
        assert!(rig.records.delete(&did, &NOTE.parse().unwrap(), &rkey, "operator").await.unwrap());
        assert_eq!(found().await, 1);
        rig.records.purge(&NOTE.parse().unwrap()).await.unwrap();
        assert_eq!(found().await, 0);
        let left = store.index.read::<_, store::Error, _>(|conn| {
            conn.query_one("SELECT count(*) FROM query_entries", &[], |row| row.int(0))
        });
        assert_eq!(left.await.unwrap(), 0, "nothing stays behind in the index");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cursors_of_other_orders_are_refused() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&(0..5).map(|number| json!({"n": number})).collect::<Vec<_>>()).await;
        let sorted = Selection { order: by(value("n"), Direction::Ascending), limit: 2, ..everything() };
        let cursor = page(&rig.find, &sorted).await.cursor;
        assert!(cursor.is_some());
        let other = by(value("n"), Direction::Descending);
        for order in
            [everything().order, other, by(value("m"), Direction::Ascending), find::Arrangement::Relevance]
        {
            let selection = Selection { order, cursor: cursor.clone(), ..everything() };
            assert!(matches!(rig.find.select(selection).await, Err(Error::Cursor)));
        }
    })
    .await;
}

/// What an index does not find quickly is looked for until the time is over, and no longer.
#[tokio::test(flavor = "multi_thread")]
async fn time_is_bounded() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&(0..300).map(|number| json!({"n": number})).collect::<Vec<_>>()).await;
        let selection =
            Selection { conditions: vec![is(value("n"), &[Scalar::Number(5.into())])], ..everything() };
        let hurried = rig.find.clone().with_time_limit(Duration::ZERO);
        assert!(matches!(hurried.select(selection.clone()).await, Err(Error::TimeLimit(_))));
        assert_eq!(page(&rig.find, &selection).await.records.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_index_is_chosen_and_named() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let note = |number: usize| json!({"lang": "en", "n": number, "at": format!("2024-01-01T00:00:{:02}Z", number % 60)});
        rig.notes(&(0..2500).map(note).collect::<Vec<_>>()).await;
        let at = || read("at", Reading::Instant);
        let specs = [
            keys(&[value("lang")], Order::Seen),
            keys(&[value("lang")], Order::By(at())),
            keys(&[], Order::By(value("n"))),
        ];
        index(&rig.find, &specs).await;
        let lang = || is(value("lang"), &[Scalar::text("en")]);
        let number = |number: i64| Some((Scalar::Number(number.into()), true));
        let few = || lies(value("n"), number(10), number(20));
        let many = || lies(value("n"), number(10), None);
        let newest = || everything().order;
        let instant = Some((Scalar::instant("2024-01-01T00:00:30Z").unwrap(), true));
        for (conditions, order, access, index, looked_at) in [
            (vec![lang()], newest(), Access::Index, Some(1), vec![]),
            (vec![lang()], by(at(), Direction::Descending), Access::Index, Some(2), vec![]),
            (vec![lang(), lies(at(), instant, None)], by(at(), Direction::Ascending), Access::Index, Some(2), vec![]),
            (vec![many()], by(value("n"), Direction::Ascending), Access::Index, Some(3), vec![]),
            (vec![lang(), few()], newest(), Access::Few, Some(3), vec!["lang ="]),
            (vec![lang(), many()], newest(), Access::Index, Some(1), vec!["n >="]),
            (vec![many()], newest(), Access::Scan, None, vec!["n >="]),
            (vec![lang()], by(value("lang"), Direction::Ascending), Access::Scan, None, vec!["lang ="]),
        ] {
            let selection = Selection { conditions, order, ..everything() };
            let explained = rig.find.explain(selection.clone()).await.unwrap();
            let context = format!("{explained:?}");
            assert_eq!(explained.access, access, "{context}");
            assert_eq!(explained.index.as_ref().map(|(id, _)| *id), index, "{context}");
            assert_eq!(explained.looked_at, looked_at, "{context}");
            assert_eq!(page(&rig.find, &selection).await.explained, explained);
        }
        let of_alice = Selection { did: Some(ALICE.parse().unwrap()), conditions: vec![lang()], ..everything() };
        assert_eq!(rig.find.explain(of_alice).await.unwrap().access, Access::Author);
    })
    .await;
}
