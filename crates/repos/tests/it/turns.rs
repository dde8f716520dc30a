//! Many writers at once.

use std::collections::BTreeSet;

use futures::future::join_all;

use crate::frames::{all_events, replayed};
use crate::rig::{create, on_each};

#[tokio::test(flavor = "multi_thread")]
async fn writers_take_turns_and_none_is_told_of_another() {
    on_each(|rig| async move {
        let (alice, bob) = (rig.person("alice").await, rig.person("bob").await);
        // Two instances on one database.
        let other = rig.again().await;
        let writers = (0..16).map(|number| {
            let did = if number % 4 == 0 { &bob } else { &alice };
            let repos = if number % 2 == 0 { &rig.repos } else { &other.repos };
            async move {
                for round in 0..4 {
                    repos.apply(did, vec![create(None, &format!("{number} {round}"))], None).await.unwrap();
                }
            }
        });
        join_all(writers).await;
        let events = all_events(&rig).await;
        let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
        let count = i64::try_from(numbers.len()).unwrap();
        assert_eq!(numbers, (1..=count).collect::<Vec<_>>(), "without gaps");
        assert_eq!(count, 2 * 3 + 16 * 4);
        for (did, expected) in [(&alice, 48), (&bob, 16)] {
            // Each commit follows from the one before, whoever wrote it.
            let (root, records) = replayed(&events, did);
            assert_eq!(root, rig.repos.head(did).await.unwrap().root);
            assert_eq!(records.len(), expected);
            assert_eq!(records.values().collect::<BTreeSet<_>>().len(), expected);
        }
    })
    .await;
}
