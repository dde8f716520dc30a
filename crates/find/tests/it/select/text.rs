//! Records by their words.

use find::{Access, Arrangement, Direction, Selection};
use serde_json::json;
use testkit::on_each_engine;

use super::{by, everything, index, page, pages, value, words, words_of};
use crate::rig::{Rig, numbers, schemas};

fn asked(query: &str) -> Selection {
    Selection {
        words: Some(words(&["title", "body"], query)),
        order: Arrangement::Relevance,
        limit: 10,
        ..everything()
    }
}

async fn found(rig: &Rig, query: &str) -> Vec<usize> {
    let selected = page(&rig.find, &asked(query)).await;
    let records = selected.records.into_iter().map(|record| find::Found {
        did: record.did().to_owned(),
        uri: record.uri,
        cid: record.cid,
        json: record.json,
    });
    numbers(&records.collect::<Vec<_>>())
}

/// Both engines, and no index, agree about what matches and which is better.
#[tokio::test(flavor = "multi_thread")]
async fn words_phrases_beginnings_and_exclusions() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&[
            json!({"title": "The quick brown fox", "body": "jumps over the lazy dog"}),
            json!({"title": "Fox, fox and Foxes!", "body": "naïve café"}),
            json!({"title": "brown QUICK", "body": ["fox", "dog"]}),
            json!({"title": "東京タワー", "body": "it's 'quoted' \\ \"x\" AND NOT OR NEAR *"}),
            json!({"title": 5}),
        ])
        .await;
        for is_indexed in [false, true] {
            if is_indexed {
                index(&rig.find, &[words_of(&["title", "body"])]).await;
            }
            for (query, expected) in [
                ("fox", vec![1, 2, 0]),
                ("FOX -lazy", vec![1, 2]),
                ("\"quick brown\"", vec![0]),
                ("\"brown quick\"", vec![2]),
                ("\"quick fox\"", vec![]),
                ("\"fox dog\"", vec![]),
                ("qui*", vec![2, 0]),
                ("foxe*", vec![1]),
                ("cafe naive", vec![1]),
                ("fox -\"quick brown\"", vec![1, 2]),
                ("京", vec![3]),
                ("東京", vec![3]),
                ("\"京東\"", vec![]),
                ("it's and not or near", vec![3]),
                ("title:fox", vec![]),
                ("5", vec![]),
            ] {
                assert_eq!(found(&rig, query).await, expected, "{query} {is_indexed}");
            }
            let access = page(&rig.find, &asked("fox")).await.explained.access;
            assert_eq!(access, if is_indexed { Access::Words } else { Access::Scan });
        }
        rig.notes(&[json!({"title": "fox"}), json!({"title": "gone"})]).await;
        assert_eq!(found(&rig, "fox").await, [0]);
        assert_eq!(found(&rig, "quick").await, Vec::<usize>::new());
        assert_eq!(found(&rig, "gone").await, [1]);
    })
    .await;
}

/// More matches than are compared with each other.
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_many_matches_have_each_once() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let note = |number: usize| json!({"title": "word ".repeat(number % 7 + 1), "n": number, "x": "rare"});
        let mut notes: Vec<_> = (0..1500).map(note).collect();
        rig.notes(&notes).await;
        let selection = Selection { limit: 90, ..asked("word") };
        let scanned = pages(&rig.find, &selection).await;
        index(&rig.find, &[words_of(&["title", "body"])]).await;
        let mut found = pages(&rig.find, &selection).await;
        assert_eq!(found, scanned);
        let mut all = found.concat();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 1500);

        // What comes, changes and goes meanwhile neither repeats nor hides anything else.
        let first = page(&rig.find, &selection).await;
        notes.extend((1500..1700).map(note));
        notes.remove(3);
        rig.notes(&notes).await;
        found[1..].iter_mut().for_each(|page| page.sort());
        let rest = pages(&rig.find, &Selection { cursor: first.cursor, ..selection.clone() }).await.concat();
        let mut distinct = rest.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), rest.len());
        assert!(rest.len() >= 1500 - 90 - 1);

        // Too many for memory, so the order's own way is taken.
        let sorted = Selection { order: by(value("n"), Direction::Ascending), ..selection };
        let explained = rig.find.explain(sorted.clone()).await.unwrap();
        assert_eq!((explained.access, explained.sorts), (Access::Scan, true));
        assert_eq!(page(&rig.find, &sorted).await.records.len(), 90);
    })
    .await;
}
