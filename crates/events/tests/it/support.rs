//! A log whose writer runs when the test says so.

use events::{Event, EventLog, Filter, Query, SCHEMA, StoredEvent, Writer};
use store::{Store, v};
use tokio_util::sync::CancellationToken;

pub(crate) async fn on_each_engine<F, T>(test: F)
where
    F: Fn(Store) -> T,
    T: Future<Output = ()>,
{
    testkit::on_each_engine(&[&SCHEMA], test).await;
}

/// Writes what is waiting, as at the end of a server.
pub(crate) async fn finish(writer: Writer) {
    let stop = CancellationToken::new();
    stop.cancel();
    writer.run(stop).await;
}

/// A log with these events in it, in this order.
pub(crate) async fn log_of(store: &Store, events: impl IntoIterator<Item = Event>) -> EventLog {
    let (log, writer) = EventLog::open(&store.state, None);
    events.into_iter().for_each(|event| log.record(event));
    finish(writer).await;
    log
}

/// Puts an event into the past.
pub(crate) async fn insert_at(store: &Store, id: &'static str, created_at: i64) {
    let insert = store.state.write(move |conn| {
        conn.execute(
            "INSERT INTO event_logs (id, event_type, severity, detail, created_at) \
             VALUES ($1, 'lexicon.created', 'info', '{}', $2)",
            &[v(id), v(created_at)],
        )
    });
    assert_eq!(insert.await.unwrap(), 1);
}

pub(crate) async fn all(log: &EventLog, filter: Filter) -> Vec<StoredEvent> {
    log.query(Query { filter, limit: 1000, after: None }).await.unwrap().events
}

/// The subjects of what a filter finds, newest first.
pub(crate) async fn subjects(log: &EventLog, filter: Filter) -> Vec<String> {
    let counted = log.count(filter.clone()).await.unwrap();
    let subjects: Vec<_> =
        all(log, filter).await.into_iter().map(|event| event.subject.unwrap_or_default()).collect();
    assert_eq!(usize::try_from(counted).unwrap(), subjects.len());
    subjects
}
