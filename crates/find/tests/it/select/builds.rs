//! Indexes that come and go while everything else goes on.

use std::time::Duration;

use find::index::{Built, MAX_INDEXES, Order, Scalar, Stage};
use find::{Access, Find, Selection};
use serde_json::json;
use testkit::on_each_engine;
use tokio_util::sync::CancellationToken;

use super::{build, everything, index, is, keys, page, pages, value, words, words_of};
use crate::rig::{ALICE, NOTE, Rig, key, schemas};

fn of_lang(lang: &str) -> Selection {
    Selection { conditions: vec![is(value("lang"), &[Scalar::text(lang)])], ..everything() }
}

/// Records that come, change and go while indexes are built.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_slips_past_an_index_that_is_being_built() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let fill = async |round: usize| {
            // Every round some more, and without those of another remainder.
            let numbers = (0..3000 + round * 300).filter(|number| number % 7 != round);
            let note = |number: usize| json!({"lang": format!("l{}", (number + round) % 5), "text": format!("round{round} n{number}")});
            rig.fill(ALICE, NOTE, numbers.map(|number| (key(number), note(number))).collect()).await;
        };
        fill(0).await;
        rig.find.declare(vec![keys(&[value("lang")], Order::Seen), words_of(&["text"])]).await.unwrap();
        let changes = async {
            for round in 1..4 {
                fill(round).await;
            }
        };
        tokio::join!(build(&rig.find), changes);
        fill(4).await;
        let left = |number: &usize| number % 7 != 4;
        for remainder in 0..5 {
            let expected = (0..4200).filter(left).filter(|number| (number + 4) % 5 == remainder).count();
            let selection = of_lang(&format!("l{remainder}"));
            assert_eq!(page(&rig.find, &selection).await.explained.access, Access::Index);
            assert_eq!(pages(&rig.find, &selection).await.concat().len(), expected);
        }
        let text = |query: &str| Selection { words: Some(words(&["text"], query)), ..everything() };
        assert_eq!(page(&rig.find, &text("round3")).await.records.len(), 0);
        assert_eq!(page(&rig.find, &text("n4199 round4")).await.records.len(), 1);
        let count = "SELECT count(*) FROM query_entries e WHERE NOT EXISTS (SELECT 1 FROM record_rows r WHERE r.id = e.record_id AND r.record IS NOT NULL)";
        let orphans = store.index.read::<_, store::Error, _>(|conn| conn.query_one(count, &[], |row| row.int(0)));
        assert_eq!(orphans.await.unwrap(), 0);
    })
    .await;
}

/// A builder that is stopped, and one that is killed.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_on_does_so_where_it_ended() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&(0..3000).map(|number| json!({"lang": format!("l{}", number % 2)})).collect::<Vec<_>>()).await;
        rig.find.declare(vec![keys(&[value("lang")], Order::Seen)]).await.unwrap();
        assert_eq!(rig.find.indexes().await.unwrap()[0].stage, Stage::Waiting);
        let stop = CancellationToken::new();
        stop.cancel();
        assert_eq!(rig.find.build_next("one", &stop).await.unwrap(), Some(Built::Stopped));

        // As if it had been killed after some records.
        let set = async |sql: &'static str| {
            store.index.write::<_, store::Error, _>(move |conn| conn.execute(sql, &[])).await.unwrap()
        };
        set("UPDATE query_indexes SET built = 1, last = 3000, holder = 'one', next_try_at = 9223372036854775807").await;
        assert_eq!(rig.find.indexes().await.unwrap()[0].stage, Stage::Building);
        assert_eq!(rig.find.build_next("two", &CancellationToken::new()).await.unwrap(), None, "somebody is at it");
        assert_eq!(page(&rig.find, &of_lang("l1")).await.explained.access, Access::Scan);
        set("UPDATE query_indexes SET next_try_at = 0, built = 0").await;
        assert_eq!(rig.find.build_next("two", &CancellationToken::new()).await.unwrap(), Some(Built::Ready(3000)));
        assert_eq!(page(&rig.find, &of_lang("l1")).await.explained.access, Access::Index);
        assert_eq!(pages(&rig.find, &of_lang("l1")).await.concat().len(), 1500);
    })
    .await;
}

/// Interrupted again and again, at whatever moment, and with records that come and go.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_interrupted_often_is_whole() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let fill = async |round: usize| {
            let numbers = (0..4000).filter(|number| number % 5 != round);
            rig.fill(
                ALICE,
                NOTE,
                numbers.map(|number| (key(number), json!({"lang": format!("l{}", number % 3)}))).collect(),
            )
            .await;
        };
        fill(9).await;
        rig.find.declare(vec![keys(&[value("lang")], Order::Seen)]).await.unwrap();
        for round in 0..4 {
            let find = rig.find.clone();
            let stop = CancellationToken::new();
            // Dropped where it is, as a process that is killed: what was committed stays.
            let building = tokio::spawn(async move { find.build_next("killed", &stop).await });
            tokio::time::sleep(Duration::from_millis(5 + 10 * round as u64)).await;
            building.abort();
            let _ = building.await;
            fill(round).await;
        }
        build_as(&rig.find, "killed").await;
        for remainder in 0..3 {
            let expected = (0..4000).filter(|number| number % 5 != 3 && number % 3 == remainder).count();
            let selection = of_lang(&format!("l{remainder}"));
            assert_eq!(page(&rig.find, &selection).await.explained.access, Access::Index);
            assert_eq!(pages(&rig.find, &selection).await.concat().len(), expected);
        }
    })
    .await;
}

async fn build_as(find: &Find, holder: &str) {
    while find.build_next(holder, &CancellationToken::new()).await.unwrap().is_some() {}
}

/// Two instances: each record is taken in once.
#[tokio::test(flavor = "multi_thread")]
async fn two_builders_do_not_build_the_same() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&(0..3000).map(|number| json!({"lang": number})).collect::<Vec<_>>()).await;
        rig.find
            .declare(vec![keys(&[value("lang")], Order::Seen), keys(&[], Order::By(value("lang")))])
            .await
            .unwrap();
        let builder = |name: &'static str| {
            let (find, stop) = (rig.find.clone(), CancellationToken::new());
            async move {
                let mut built = Vec::new();
                while let Some(ready) = find.build_next(name, &stop).await.unwrap() {
                    built.push(ready);
                }
                built
            }
        };
        let (one, two) = tokio::join!(builder("one"), builder("two"));
        let mut all = [one, two].concat();
        build(&rig.find).await;
        all.retain(|built| *built != Built::Ready(3000));
        assert_eq!(all, []);
        assert!(
            rig.find
                .indexes()
                .await
                .unwrap()
                .iter()
                .all(|state| state.stage == Stage::Ready && state.taken == 3000)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_asks_for_goes_and_may_come_again() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(
            &(0..50).map(|number| json!({"lang": "l1", "text": format!("t{number}")})).collect::<Vec<_>>(),
        )
        .await;
        let specs = [keys(&[value("lang")], Order::Seen), words_of(&["text"])];
        index(&rig.find, &specs).await;
        let left = rig.find.declare(specs[1..].to_vec()).await.unwrap();
        assert_eq!((left.added, left.removed), (0, 1));
        assert_eq!(page(&rig.find, &of_lang("l1")).await.explained.access, Access::Scan);
        assert_eq!(rig.find.indexes().await.unwrap()[0].stage, Stage::Leaving);
        // Asked for again before it has gone: begun anew, because it was not kept in step meanwhile.
        rig.notes(
            &(0..60).map(|number| json!({"lang": "l1", "text": format!("t{number}")})).collect::<Vec<_>>(),
        )
        .await;
        index(&rig.find, &specs).await;
        assert_eq!(page(&rig.find, &of_lang("l1")).await.explained.access, Access::Index);
        assert_eq!(page(&rig.find, &of_lang("l1")).await.records.len(), 60);
        index(&rig.find, &[]).await;
        let entries = "SELECT count(*) FROM query_entries";
        let entries =
            store.index.read::<_, store::Error, _>(|conn| conn.query_one(entries, &[], |row| row.int(0)));
        assert_eq!(entries.await.unwrap(), 0);
        assert_eq!(
            page(&rig.find, &Selection { words: Some(words(&["text"], "t7")), ..everything() })
                .await
                .records
                .len(),
            1
        );
    })
    .await;
}

/// What lexicons ask for may come from strangers.
#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_indexes_is_bounded() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let specs: Vec<_> =
            (0..MAX_INDEXES + 3).map(|number| keys(&[value(&format!("f{number}"))], Order::Seen)).collect();
        let declared = rig.find.declare(specs.clone()).await.unwrap();
        assert_eq!((declared.added, declared.refused.len()), (MAX_INDEXES, 3));
        let wide: Vec<_> = (0..4).map(|number| value(&format!("f{number}"))).collect();
        assert_eq!(rig.find.declare(vec![keys(&wide, Order::Seen)]).await.unwrap().refused.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_outlives_a_restart() {
    for database in testkit::databases().await {
        let rig = Rig::new(&database.open(&schemas()).await);
        rig.notes(&[json!({"lang": "l1", "text": "word"})]).await;
        index(&rig.find, &[keys(&[value("lang")], Order::Seen), words_of(&["text"])]).await;
        let rig = Rig::new(&database.open(&schemas()).await);
        rig.notes(&[json!({"lang": "l1", "text": "word"}), json!({"lang": "l1", "text": "word"})]).await;
        assert_eq!(page(&rig.find, &of_lang("l1")).await.explained.access, Access::Index);
        assert_eq!(page(&rig.find, &of_lang("l1")).await.records.len(), 2);
        let text = Selection { words: Some(words(&["text"], "word")), ..everything() };
        assert_eq!(page(&rig.find, &text).await.records.len(), 2);
    }
}
