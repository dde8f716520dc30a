//! What others say that is not kept in the index.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::future::join_all;
use readthrough::{Memory, Remembered};

use crate::rig::{on_each, plan};

/// Says what it is told to, and counts how often.
#[derive(Clone, Default)]
struct Source(Arc<AtomicUsize>);

impl Source {
    async fn says(
        self,
        answer: Result<Option<&'static str>, &'static str>,
    ) -> Result<Option<Bytes>, &'static str> {
        self.0.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        answer.map(|text| text.map(Bytes::from))
    }

    async fn ask(
        &self,
        memory: &Memory<&'static str>,
        key: &str,
        answer: Result<Option<&'static str>, &'static str>,
    ) -> Result<Remembered, &'static str> {
        memory.get(key, |error| *error == "down", || self.clone().says(answer)).await
    }
}

fn fresh(value: Option<&'static str>) -> Remembered {
    Remembered { value: value.map(Bytes::from), stale: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_holds_for_a_while_and_for_everybody() {
    on_each(plan(0, 0), async |rig| {
        let (memory, source) = (rig.read.memory(), Source::default());
        for (key, value) in [("a", Some("something")), ("b", None)] {
            let all = join_all((0..100).map(|_| source.ask(&memory, key, Ok(value)))).await;
            assert!(all.iter().all(|answer| *answer == Ok(fresh(value))), "{all:?}");
            assert_eq!(source.ask(&rig.read.memory(), key, Err("down")).await, Ok(fresh(value)));
            assert_eq!(source.0.swap(0, Ordering::SeqCst), 1);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_answer_stands_in_for_one_that_does_not_come() {
    on_each(plan(0, 0), async |rig| {
        let (memory, source) = (rig.read.memory(), Source::default());
        assert_eq!(source.ask(&memory, "a", Err("down")).await, Err("down"));
        // An answer of two hours ago, as it is kept.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        let old = format!("{} {} +old", now - 7_200_000, now - 7_100_000);
        rig.cache.set("read:said:a", old.into(), Duration::from_mins(10)).await.unwrap();
        for _ in 0..3 {
            let answer = source.ask(&memory, "a", Err("down")).await.unwrap();
            assert_eq!(answer.value.as_deref(), Some(&b"old"[..]));
            assert!(answer.stale.unwrap().abs_diff(Duration::from_hours(2)) < Duration::from_mins(1));
        }
        assert_eq!(source.0.load(Ordering::SeqCst), 2, "one that fails is not asked again at once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_means_no_is_told() {
    on_each(plan(0, 0), async |rig| {
        let (memory, source) = (rig.read.memory(), Source::default());
        rig.cache.set("read:said:a", "1 2 +old".into(), Duration::from_mins(10)).await.unwrap();
        assert_eq!(source.ask(&memory, "a", Err("gone")).await, Err("gone"));
    })
    .await;
}
