//! Retention and purging.

use std::time::{Duration, Instant};

use events::{Event, EventLog, Filter, kinds, retention};
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use crate::support::{all, insert_at, log_of, on_each_engine};

const DAY: i64 = 86_400_000_000;

fn now() -> i64 {
    i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1000).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_log_forgets_what_is_older_than_its_retention() {
    on_each_engine(async |store| {
        insert_at(&store, "old", now() - 31 * DAY).await;
        insert_at(&store, "young", now() - 29 * DAY).await;
        let (log, writer) = EventLog::open(&store.state, retention(30));
        let stop = CancellationToken::new();
        let running = tokio::spawn(writer.run(stop.clone()));
        let started = Instant::now();
        while log.count(Filter::default()).await.unwrap() > 1 {
            assert!(started.elapsed() < Duration::from_secs(5));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(all(&log, Filter::default()).await[0].id, "young");
        stop.cancel();
        running.await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_retention_everything_is_kept() {
    assert_eq!(retention(0), None);
    on_each_engine(async |store| {
        insert_at(&store, "ancient", 0).await;
        let (log, writer) = EventLog::open(&store.state, retention(0));
        let stop = CancellationToken::new();
        let running = tokio::spawn(writer.run(stop.clone()));
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.cancel();
        running.await.unwrap();
        assert_eq!(log.count(Filter::default()).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_deletes_what_is_older_or_everything_however_much_that_is() {
    on_each_engine(async |store| {
        insert_at(&store, "old", now() - 2 * DAY).await;
        let events = (0..3000).map(|_| Event::new(kinds::SCRIPT_LOG));
        let log = log_of(&store, events).await;
        log_of(&store, (0..3000).map(|_| Event::new(kinds::SCRIPT_LOG))).await;
        let yesterday = OffsetDateTime::now_utc() - time::Duration::DAY;
        assert_eq!(log.purge(Some(yesterday)).await.unwrap(), 1);
        assert_eq!(log.purge(None).await.unwrap(), 6000);
        assert_eq!(log.count(Filter::default()).await.unwrap(), 0);
    })
    .await;
}
